package io.memfuse.config;

import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.startup.StartupListener;
import io.memfuse.core.time.Ticker;

/** What an application may bind for every platform in its injector. One instance, so that Guice installs it once. */
enum SharedBindings implements Module {
    INSTANCE;

    static final TypeLiteral<PoolProvider<?>> PROVIDER = new TypeLiteral<>() {};
    static final TypeLiteral<ServiceFactory<?>> FACTORY = new TypeLiteral<>() {};

    @Override
    public void configure(Binder binder) {
        Multibinder.newSetBinder(binder, PROVIDER);
        Multibinder.newSetBinder(binder, FACTORY);
        orElse(binder, PoolListener.class, PoolListener.NONE);
        orElse(binder, StartupListener.class, StartupListener.NONE);
        orElse(binder, Ticker.class, Ticker.system());
    }

    private static <T> void orElse(Binder binder, Class<T> type, T value) {
        OptionalBinder.newOptionalBinder(binder, type).setDefault().toInstance(value);
    }
}
