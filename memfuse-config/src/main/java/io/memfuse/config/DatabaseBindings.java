package io.memfuse.config;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.Provider;
import io.memfuse.config.platform.Databases;
import io.memfuse.config.platform.Providers;
import io.memfuse.config.read.Reading;
import io.memfuse.core.pool.PoolProvider;
import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Binds each database as what its provider offers. Bindings are made before it is known which providers the application binds;
 * a database of one that {@link java.util.ServiceLoader} does not find is bound as each type that may be meant, and so is one
 * with which something is wrong, so that the answer is what is wrong with it and not that a binding is missing.
 */
final class DatabaseBindings extends AbstractModule {

    private final Reading reading;
    private final Key<MemFuse> memfuse;
    private final Function<String, ? extends Annotation> annotation;
    private final Map<String, Class<?>> typeByProvider = new HashMap<>();

    DatabaseBindings(Reading reading, Key<MemFuse> memfuse, Function<String, ? extends Annotation> annotation) {
        this.reading = reading;
        this.memfuse = memfuse;
        this.annotation = annotation;
        for (PoolProvider<?> provider : Providers.found().all()) {
            typeByProvider.put(provider.name(), provider.resourceType());
        }
    }

    @Override
    protected void configure() {
        Map<String, String> providerByName = new HashMap<>();
        reading.config()
                .allDatabases()
                .forEach(database ->
                        providerByName.put(database.name(), database.spec().provider()));
        Provider<Databases> databases = getProvider(memfuse.ofType(Databases.class));
        for (String name : reading.databases()) {
            types(providerByName.get(name)).forEach(type -> bind(name, type, databases));
        }
    }

    private Set<Class<?>> types(@Nullable String provider) {
        Class<?> known = typeByProvider.get(provider);
        if (known != null) {
            return Set.of(known);
        }
        Set<Class<?>> candidates = new LinkedHashSet<>(typeByProvider.values());
        candidates.add(DataSource.class);
        return candidates;
    }

    private <R> void bind(String name, Class<R> type, Provider<Databases> databases) {
        binder().withSource(source(name))
                .bind(Key.get(type, annotation.apply(name)))
                .toProvider(() -> databases.get().resource(name, type));
    }

    /** What Guice shows if the key is bound twice. */
    private String source(String name) {
        Origins origins = reading.config().origins();
        String where = origins.of("databases." + name)
                .map(origin -> " (" + origin + ")")
                .orElse("");
        Object annotation = memfuse.getAnnotation() == null ? memfuse.getAnnotationType() : memfuse.getAnnotation();
        return "database '" + name + "'" + where
                + (annotation == null ? "" : " of the platform annotated with " + annotation);
    }
}
