package io.memfuse.config.platform;

import io.memfuse.core.service.ServiceFactory;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The service factories of one platform. */
public record Factories(List<ServiceFactory<?>> all) {

    /** Joins those that are bound for one platform, those that are bound for all, and those that are found. */
    public static Factories of(Set<ServiceFactory<?>> own, Set<ServiceFactory<?>> shared) {
        List<ServiceFactory<?>> bound = Discovery.join(own, shared, ServiceFactory::name);
        return new Factories(Discovery.join(bound, loader(), ServiceFactory::name));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // A class literal has no wildcard.
    private static ServiceLoader<ServiceFactory<?>> loader() {
        return (ServiceLoader) ServiceLoader.load(ServiceFactory.class);
    }

    public Set<String> names() {
        return all.stream().map(ServiceFactory::name).collect(Collectors.toCollection(TreeSet::new));
    }

    public Optional<ServiceFactory<?>> named(String name) {
        return all.stream().filter(factory -> factory.name().equals(name)).findFirst();
    }
}
