package io.memfuse.config.kind;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A host as a configuration names it.
 *
 * @param host name, address, or the directory of a Unix-domain socket
 * @param port null if it has none of its own
 */
public record HostAndPort(String host, @Nullable Integer port) {

    /** Returns the host without the brackets that an IPv6 address may have. */
    public String plainHost() {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Returns them as the file would write them. */
    static String text(List<HostAndPort> hosts) {
        return hosts.size() == 1 && hosts.get(0).port == null
                ? hosts.get(0).host
                : hosts.stream().map(HostAndPort::text).collect(Collectors.joining(","));
    }

    private String text() {
        String bracketed = plainHost().indexOf(':') >= 0 && !host.startsWith("/") ? "[" + plainHost() + "]" : host;
        return port == null ? bracketed : bracketed + ":" + port;
    }
}
