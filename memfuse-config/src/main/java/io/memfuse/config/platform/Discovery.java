package io.memfuse.config.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Joins what is bound with what {@link java.util.ServiceLoader} finds. */
final class Discovery {

    private Discovery() {}

    /**
     * Returns all of the first, and of the others those whose names the first do not have: a binding replaces what is on the
     * class path. Two of one name may remain; the registry and the cache refuse them.
     */
    static <T> List<T> join(Collection<T> first, Iterable<? extends T> others, Function<T, String> name) {
        Set<String> names = first.stream().map(name).collect(Collectors.toSet());
        List<T> joined = new ArrayList<>(first);
        for (T one : others) {
            if (!names.contains(name.apply(one))) {
                joined.add(one);
            }
        }
        return List.copyOf(joined);
    }
}
