package io.memfuse.config;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.name.Names;
import io.memfuse.config.read.Reading;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.startup.StartupListener;
import io.memfuse.core.time.Ticker;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Puts a platform into an injector. Nothing starts by that, no thread and no connection: the application calls
 * {@link MemFuse#start()} on the injector's {@link MemFuse} when it starts, and {@link MemFuse#close()} when it ends. Immutable
 * and thread-safe.
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(new MemFuseModule(config), new MyModule());
 *
 * Guice.createInjector(
 *     new MemFuseModule(eu).annotatedWith(Names.named("eu")).databasesAnnotatedWith(name -> Names.named("eu/" + name)),
 *     new MemFuseModule(us).annotatedWith(Names.named("us")).databasesAnnotatedWith(name -> Names.named("us/" + name)),
 *     new MyModule());
 * }</pre>
 *
 * <p>Binds, each as a singleton: {@link MemFuse}, {@link MemFuseConfig}, {@link PoolRegistry}, {@link ServiceCache}; and each
 * database under its name, as what its provider offers: {@code @Named("orders") DataSource} or
 * {@code @Named("orders") ConnectionFactory}. It is what {@link MemFuse#resource} returns, and may be injected before the
 * start. A database of a provider that {@link java.util.ServiceLoader} does not find is bound as what those that it finds
 * offer, and refuses if that is not what it is.
 *
 * <p>Takes what the application binds:
 *
 * <ul>
 *   <li>{@code Multibinder} of {@code PoolProvider<?>} and of {@code ServiceFactory<?>}: added to those that
 *       {@link java.util.ServiceLoader} finds; one of the same name replaces the one that is found;
 *   <li>{@code OptionalBinder} of {@link PoolListener}, {@link StartupListener} and {@link Ticker}.
 * </ul>
 *
 * <p>Platforms under different annotations live beside each other, and beside one without. What the application binds without
 * an annotation is for all of them; what it binds with the annotation of one is for that one, and goes before.
 *
 * <p>The configuration is checked when the injector is made, names of providers and services included: all that is wrong is in
 * the one {@link com.google.inject.CreationException}, a message for each {@link Problem}. The providers and factories of the
 * application are made for that.
 *
 * @see PoolProvider
 * @see ServiceFactory
 */
public final class MemFuseModule extends AbstractModule {

    private final Supplier<Reading> source;
    private final Key<MemFuse> memfuse;
    private final Function<String, ? extends Annotation> databases;

    /** @param config the configuration of the platform */
    public MemFuseModule(MemFuseConfig config) {
        this(reading(Objects.requireNonNull(config, "config")), Key.get(MemFuse.class), Names::named);
    }

    /** @param file the configuration of the platform, read when the injector is made */
    public MemFuseModule(Path file) {
        this(reading(Objects.requireNonNull(file, "file")), Key.get(MemFuse.class), Names::named);
    }

    private MemFuseModule(
            Supplier<Reading> source, Key<MemFuse> memfuse, Function<String, ? extends Annotation> databases) {
        this.source = source;
        this.memfuse = memfuse;
        this.databases = databases;
    }

    private static Supplier<Reading> reading(MemFuseConfig config) {
        return () -> Reading.of(config);
    }

    private static Supplier<Reading> reading(Path file) {
        return () -> ConfigReader.create().readAll(file);
    }

    /**
     * Returns this module, with an annotation on what it binds but the databases.
     *
     * @param annotation one that Guice accepts in keys, such as {@code Names.named("eu")}
     */
    public MemFuseModule annotatedWith(Annotation annotation) {
        return new MemFuseModule(source, Key.get(MemFuse.class, annotation), databases);
    }

    /**
     * Returns this module, with an annotation on what it binds but the databases.
     *
     * @param annotation one that Guice accepts in keys
     */
    public MemFuseModule annotatedWith(Class<? extends Annotation> annotation) {
        return new MemFuseModule(source, Key.get(MemFuse.class, annotation), databases);
    }

    /**
     * Returns this module, with other annotations on the databases. For two platforms in one injector that have databases of
     * the same name.
     *
     * @param annotation returns the annotation for the name of a database; {@code Names::named} unless set
     */
    public MemFuseModule databasesAnnotatedWith(Function<String, ? extends Annotation> annotation) {
        return new MemFuseModule(source, memfuse, Objects.requireNonNull(annotation, "annotation"));
    }

    @Override
    protected void configure() {
        Reading reading = source.get();
        install(new PlatformModule(reading.config(), memfuse, List.of()));
        install(new DatabaseBindings(reading, memfuse, databases));
        install(new CheckModule(reading, memfuse));
    }
}
