package io.memfuse.config;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.startup.Startup;
import io.memfuse.core.startup.StartupListener;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.util.Objects;
import java.util.Set;

/**
 * Puts a platform into an injector. Nothing starts by that, and no thread: the application calls {@link MemFuse#start()}
 * on the injector's {@link MemFuse} when it starts, and {@link MemFuse#close()} when it ends.
 *
 * <p>Binds, each as a singleton: {@link MemFuse}, {@link MemFuseConfig}, {@link PoolRegistry}, {@link ServiceCache}.
 * Takes what the application binds:
 *
 * <ul>
 *   <li>{@code Multibinder} of {@code PoolProvider<?>} and of {@code ServiceFactory<?>}: added to those that
 *       {@link java.util.ServiceLoader} finds; one of the same name replaces the one that is found;
 *   <li>{@code OptionalBinder} of {@link PoolListener}, {@link StartupListener} and {@link Ticker}.
 * </ul>
 */
public final class MemFuseModule extends AbstractModule {

    private final MemFuseConfig config;

    /** @param config the configuration of the platform */
    public MemFuseModule(MemFuseConfig config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    // By providers in place of @Provides methods: those would need this package to be open to Guice.
    @Override
    protected void configure() {
        bind(MemFuseConfig.class).toInstance(config);
        Multibinder.newSetBinder(binder(), new TypeLiteral<PoolProvider<?>>() {});
        Multibinder.newSetBinder(binder(), new TypeLiteral<ServiceFactory<?>>() {});
        OptionalBinder.newOptionalBinder(binder(), PoolListener.class)
                .setDefault()
                .toInstance(PoolListener.NONE);
        OptionalBinder.newOptionalBinder(binder(), StartupListener.class)
                .setDefault()
                .toInstance(StartupListener.NONE);
        OptionalBinder.newOptionalBinder(binder(), Ticker.class).setDefault().toInstance(Ticker.system());
        bindEngine();
    }

    private void bindEngine() {
        Provider<Providers> providers = bindProviders();
        Provider<Factories> factories = bindFactories();
        Provider<Ticker> ticker = getProvider(Ticker.class);
        Provider<EngineThreads> threads = singleton(EngineThreads.class, EngineThreads::create);
        Provider<PoolListener> poolListener = getProvider(PoolListener.class);
        OpenPoolLimits openPools = config.connectionPool().openPools();
        Provider<PoolRegistry> registry = singleton(
                PoolRegistry.class,
                () -> PoolRegistry.builder()
                        .providers(providers.get().all())
                        .listener(poolListener.get())
                        .threads(threads.get())
                        .ticker(ticker.get())
                        .poolIdleTimeout(openPools.poolIdleTimeout())
                        .maxOpenPools(openPools.maxOpenPools())
                        .build());
        Provider<Databases> databases = singleton(Databases.class, () -> {
            Reading reading = Reading.of(config);
            NameCheck.check(reading, providers.get(), factories.get());
            ServiceSettingsReader.read(reading, factories.get());
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
        Provider<StartupListener> startupListener = getProvider(StartupListener.class);
        Provider<Startup> startup = singleton(
                Startup.class,
                () -> Startup.builder()
                        .registry(registry.get())
                        .services(services.get())
                        .listener(startupListener.get())
                        .threads(threads.get())
                        .ticker(ticker.get())
                        .build());
        Provider<Engine> engine = singleton(
                Engine.class,
                () -> new Engine(startup.get(), services.get(), registry.get(), threads.get(), ticker.get()));
        Provider<Reloader> reloader = singleton(
                Reloader.class,
                () -> new Reloader(config, databases.get(), providers.get(), factories.get(), engine.get()));
        singleton(MemFuse.class, () -> new MemFuse(config, databases.get(), engine.get(), reloader.get()));
    }

    // Apart from each other, because a factory may ask for the registry, which needs the providers.

    private Provider<Providers> bindProviders() {
        Provider<Set<PoolProvider<?>>> bound = getProvider(Key.get(new TypeLiteral<>() {}));
        return singleton(Providers.class, () -> Providers.of(bound.get()));
    }

    private Provider<Factories> bindFactories() {
        Provider<Set<ServiceFactory<?>>> bound = getProvider(Key.get(new TypeLiteral<>() {}));
        return singleton(Factories.class, () -> Factories.of(bound.get()));
    }

    private <T> Provider<T> singleton(Class<T> type, Provider<T> maker) {
        bind(type).toProvider(maker).in(Singleton.class);
        return getProvider(type);
    }
}
