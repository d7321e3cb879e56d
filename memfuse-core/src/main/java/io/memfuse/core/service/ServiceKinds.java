package io.memfuse.core.service;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of services that a cache can make, by name and by type. Immutable. */
final class ServiceKinds {

    private final Map<String, ServiceKind<?>> byName;
    /** By identity, as classes are compared; each request looks here. Not changed after it is made. */
    private final IdentityHashMap<Class<?>, ServiceKind<?>> byType = new IdentityHashMap<>();

    /**
     * @param settings of each kind that has any, by its name
     * @throws IllegalArgumentException if two factories have one name or one type, or if a factory refuses its settings
     */
    ServiceKinds(Collection<ServiceFactory<?>> factories, Map<String, ServiceSettings> settings) {
        Map<String, ServiceKind<?>> names = new LinkedHashMap<>();
        for (ServiceFactory<?> factory : factories) {
            ServiceSettings own = settings.getOrDefault(factory.name(), ServiceSettings.NONE);
            factory.check(own);
            var kind = new ServiceKind<>(names.size(), factory, own);
            requireNone(names.put(factory.name(), kind), factory, "named '" + factory.name() + "'");
            requireNone(
                    byType.put(factory.type(), kind),
                    factory,
                    "of type " + factory.type().getName());
        }
        byName = Map.copyOf(names);
    }

    private static void requireNone(@Nullable ServiceKind<?> other, ServiceFactory<?> factory, String same) {
        if (other != null) {
            throw new IllegalArgumentException("two service factories are " + same + ": "
                    + other.factory().getClass().getName() + " and "
                    + factory.getClass().getName() + "; leave one out");
        }
    }

    int size() {
        return byName.size();
    }

    Collection<ServiceKind<?>> all() {
        return byName.values();
    }

    Set<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    ServiceKind<?> named(String name) {
        ServiceKind<?> kind = byName.get(name);
        if (kind == null) {
            throw ServiceException.unknown(name, names());
        }
        return kind;
    }

    <S> ServiceKind<S> of(Class<S> type) {
        ServiceKind<?> kind = byType.get(type);
        if (kind == null) {
            throw ServiceException.unknown(type.getName(), names());
        }
        @SuppressWarnings("unchecked") // stored under its own type
        ServiceKind<S> typed = (ServiceKind<S>) kind;
        return typed;
    }
}
