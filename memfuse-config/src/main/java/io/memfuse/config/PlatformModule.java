package io.memfuse.config;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.memfuse.config.kind.NameUse;
import io.memfuse.config.platform.Databases;
import io.memfuse.config.platform.EndpointCheck;
import io.memfuse.config.platform.Engine;
import io.memfuse.config.platform.Factories;
import io.memfuse.config.platform.NameCheck;
import io.memfuse.config.platform.Providers;
import io.memfuse.config.platform.ServiceSettingsReader;
import io.memfuse.config.read.Reading;
import io.memfuse.config.reload.Reloader;
import io.memfuse.core.health.HealthMonitor;
import io.memfuse.core.health.HealthSettings;
import io.memfuse.core.jmx.JmxBeans;
import io.memfuse.core.monitor.JfrListener;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolRegistryBuilder;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.startup.Startup;
import io.memfuse.core.startup.StartupListener;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds the parts of one platform, each under the annotation of its {@link MemFuse}. Checks nothing beyond what a part itself
 * cannot do without.
 */
final class PlatformModule extends AbstractModule {

    private static final TypeLiteral<Set<PoolProvider<?>>> PROVIDERS = new TypeLiteral<>() {};
    private static final TypeLiteral<Set<ServiceFactory<?>>> FACTORIES = new TypeLiteral<>() {};

    private final MemFuseConfig config;
    private final Key<MemFuse> memfuse;
    private final List<PoolListener> listeners;

    /**
     * @param memfuse the key of the platform; all its parts have the annotation of this
     * @param listeners who is told what happens to pools, beside whom the application binds
     */
    PlatformModule(MemFuseConfig config, Key<MemFuse> memfuse, List<PoolListener> listeners) {
        this.config = config;
        this.memfuse = memfuse;
        this.listeners = List.copyOf(listeners);
    }

    // By providers in place of @Provides methods: those would need this package to be open to Guice.
    @Override
    protected void configure() {
        install(SharedBindings.INSTANCE);
        if (memfuse.getAnnotationType() != null) {
            bindOwn();
        }
        bind(key(MemFuseConfig.class)).toInstance(config);
        bindEngine();
    }

    /** What the application may bind for this platform alone, under its annotation. */
    private void bindOwn() {
        Multibinder.newSetBinder(binder(), memfuse.ofType(SharedBindings.PROVIDER));
        Multibinder.newSetBinder(binder(), memfuse.ofType(SharedBindings.FACTORY));
        bindOwnOrShared(PoolListener.class);
        bindOwnOrShared(StartupListener.class);
        bindOwnOrShared(Ticker.class);
    }

    private <T> void bindOwnOrShared(Class<T> type) {
        OptionalBinder.newOptionalBinder(binder(), key(type)).setDefault().to(type);
    }

    private void bindEngine() {
        Provider<Providers> providers = bindProviders();
        Provider<Factories> factories = bindFactories();
        Provider<Ticker> ticker = getProvider(key(Ticker.class));
        Provider<EngineThreads> threads = singleton(EngineThreads.class, EngineThreads::create);
        Provider<PoolListener> poolListener = getProvider(key(PoolListener.class));
        Provider<PoolMonitor> monitor = singleton(
                PoolMonitor.class, () -> new PoolMonitor(config.monitoring().timesOneIn()));
        OpenPoolLimits openPools = config.connectionPool().openPools();
        Provider<PoolRegistry> registry = singleton(
                PoolRegistry.class,
                () -> listened()
                        .providers(providers.get().all())
                        .listener(monitor.get())
                        .listener(new JfrListener())
                        .listener(poolListener.get())
                        .holderTracking(config.monitoring().holderTracking())
                        .threads(threads.get())
                        .ticker(ticker.get())
                        .poolIdleTimeout(openPools.poolIdleTimeout())
                        .maxOpenPools(openPools.maxOpenPools())
                        .build());
        Provider<Databases> databases = singleton(Databases.class, () -> {
            Reading reading = Reading.of(config);
            NameCheck.check(reading, NameUse.Kind.PROVIDER, providers.get().names());
            EndpointCheck.check(reading, providers.get());
            return Databases.register(reading.valid(), providers.get(), registry.get());
        });
        Provider<ServiceCache> services = singleton(ServiceCache.class, () -> {
            ServiceCache.Builder cache = ServiceCache.builder()
                    .factories(factories.get().all())
                    .resources(databases.get().forServices())
                    .threads(threads.get())
                    .ticker(ticker.get());
            ServiceSettingsReader.read(Reading.of(config), factories.get()).forEach(cache::settings);
            return cache.build();
        });
        Provider<StartupListener> startupListener = getProvider(key(StartupListener.class));
        Provider<Startup> startup = singleton(
                Startup.class,
                () -> Startup.builder()
                        .registry(registry.get())
                        .services(services.get())
                        .listener(startupListener.get())
                        .threads(threads.get())
                        .ticker(ticker.get())
                        .build());
        Provider<HealthMonitor> health = singleton(
                HealthMonitor.class,
                () -> new HealthMonitor(
                        registry.get(),
                        monitor.get(),
                        threads.get(),
                        ticker.get(),
                        HealthSettings.DEFAULT.withProbeAfter(
                                config.monitoring().probeAfter())));
        Provider<Engine> engine = singleton(
                Engine.class,
                () -> new Engine(
                        startup.get(),
                        health.get(),
                        beans(registry.get(), monitor.get(), threads.get()),
                        services.get(),
                        registry.get(),
                        threads.get(),
                        ticker.get()));
        Provider<Reloader> reloader = singleton(
                Reloader.class,
                () -> new Reloader(config, databases.get(), providers.get(), factories.get(), engine.get()));
        singleton(
                MemFuse.class, () -> new MemFuse(config, databases.get(), engine.get(), reloader.get(), monitor.get()));
    }

    private PoolRegistryBuilder listened() {
        PoolRegistryBuilder builder = PoolRegistry.builder();
        listeners.forEach(builder::listener);
        return builder;
    }

    private @Nullable JmxBeans beans(PoolRegistry registry, PoolMonitor monitor, EngineThreads threads) {
        if (!config.monitoring().jmx()) {
            return null;
        }
        // Several platforms of one JVM are told apart by the annotation under which they are bound.
        String instance = memfuse.getAnnotationType() == null
                ? "memfuse"
                : String.valueOf(
                        memfuse.getAnnotation() == null
                                ? memfuse.getAnnotationType().getName()
                                : memfuse.getAnnotation());
        return new JmxBeans(instance, registry, monitor, ManagementFactory.getPlatformMBeanServer(), threads);
    }

    // Apart from each other, because a factory may ask for the registry, which needs the providers.

    private Provider<Providers> bindProviders() {
        Provider<Set<PoolProvider<?>>> own = getProvider(memfuse.ofType(PROVIDERS));
        Provider<Set<PoolProvider<?>>> shared = getProvider(Key.get(PROVIDERS));
        return singleton(Providers.class, () -> Providers.of(own.get(), shared.get()));
    }

    private Provider<Factories> bindFactories() {
        Provider<Set<ServiceFactory<?>>> own = getProvider(memfuse.ofType(FACTORIES));
        Provider<Set<ServiceFactory<?>>> shared = getProvider(Key.get(FACTORIES));
        return singleton(Factories.class, () -> Factories.of(own.get(), shared.get()));
    }

    private <T> Provider<T> singleton(Class<T> type, Provider<T> maker) {
        bind(key(type)).toProvider(maker).in(Singleton.class);
        return getProvider(key(type));
    }

    private <T> Key<T> key(Class<T> type) {
        return memfuse.ofType(type);
    }
}
