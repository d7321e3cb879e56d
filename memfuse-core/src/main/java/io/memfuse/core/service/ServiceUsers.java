package io.memfuse.core.service;

import java.time.Duration;
import java.util.List;

/**
 * Users that have services, as they were while the cache was read: one who came or went meanwhile may be among them or not.
 *
 * @param listed those who were seen last, the last first, and by name those seen at the same time
 * @param more how many others there are
 */
public record ServiceUsers(List<User> listed, int more) {

    public ServiceUsers {
        listed = List.copyOf(listed);
    }

    /**
     * One user.
     *
     * @param name who it is
     * @param services the names of the services that are there, in order; none while the first is made, or all are closed
     * @param unseenFor how long ago the last request was, to within a second: it is never longer ago than that by more
     */
    public record User(String name, List<String> services, Duration unseenFor) {

        public User {
            services = List.copyOf(services);
        }
    }
}
