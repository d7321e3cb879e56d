package io.memfuse.config;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Joins what is bound with what {@link ServiceLoader} finds. */
final class Discovery {

    private Discovery() {}

    /**
     * Returns all that is bound, and of what is found that whose name is not bound: a binding replaces what is on the class
     * path. Two of one name may remain; the registry and the cache refuse them.
     */
    static <T> List<T> join(Set<T> bound, ServiceLoader<? extends T> found, Function<T, String> name) {
        Set<String> boundNames = bound.stream().map(name).collect(Collectors.toSet());
        List<T> joined = new ArrayList<>(bound);
        for (T one : found) {
            if (!boundNames.contains(name.apply(one))) {
                joined.add(one);
            }
        }
        return List.copyOf(joined);
    }
}
