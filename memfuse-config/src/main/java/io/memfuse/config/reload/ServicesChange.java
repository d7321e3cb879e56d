package io.memfuse.config.reload;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.platform.NamedPools;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What another configuration means for the services of users. Those whose database stays the same go on. Those that live on one
 * that is moved or removed, or on another one from now on, are closed, and made anew where they belong when they are asked for:
 * what they have prepared in a database is not in another one. Immutable.
 */
public final class ServicesChange {

    private final MemFuseConfig former;
    private final MemFuseConfig next;
    private final Set<String> left;

    /** @param left the names that stand for another database now, or are gone */
    public ServicesChange(MemFuseConfig former, MemFuseConfig next, Set<String> left) {
        this.former = former;
        this.next = next;
        this.left = Set.copyOf(left);
    }

    /** Closes the services that cannot go on. */
    public void evictStranded(ServiceCache services) {
        if (isStranded(first(former), first(next))) {
            services.evictAll();
        } else {
            strandedUsers().forEach(services::evict);
        }
    }

    /** Returns the services to be made now: those that are new in {@code precache_configs}, and those that were closed. */
    public List<ServiceKey> toMake() {
        boolean all = isStranded(first(former), first(next));
        Set<String> stranded = strandedUsers();
        Set<ServiceKey> before = precached(former);
        return precached(next).stream()
                .filter(key -> all || stranded.contains(key.user()) || !before.contains(key))
                .toList();
    }

    private Set<String> strandedUsers() {
        Map<String, String> before = NamedPools.nameByUser(former);
        Map<String, String> after = NamedPools.nameByUser(next);
        Set<String> users = new TreeSet<>(before.keySet());
        users.addAll(after.keySet());
        return users.stream()
                .filter(user ->
                        isStranded(before.getOrDefault(user, first(former)), after.getOrDefault(user, first(next))))
                .collect(Collectors.toSet());
    }

    private boolean isStranded(String before, String after) {
        return !before.isEmpty() && (!before.equals(after) || left.contains(before));
    }

    private static String first(MemFuseConfig config) {
        return config.allDatabases().stream()
                .findFirst()
                .map(DatabaseConfig::name)
                .orElse("");
    }

    public static Set<ServiceKey> precached(MemFuseConfig config) {
        return config.connectionPool().precacheConfigs().stream()
                .flatMap(entry -> entry.services().stream().map(service -> new ServiceKey(entry.user(), service)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns what takes a restart. */
    public List<String> notes() {
        Map<String, @Nullable Map<String, String>> all = new TreeMap<>(former.services());
        all.putAll(next.services());
        List<String> notes = new ArrayList<>();
        for (String name : all.keySet()) {
            if (!Objects.equals(former.services().get(name), next.services().get(name))) {
                notes.add("services." + name + " takes effect with a restart");
            }
        }
        return notes;
    }
}
