package io.memfuse.core.service;

import io.memfuse.core.time.Ticker;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** What a factory is given for one loading. */
record LoadingContext(String user, CacheEngine engine, UserServices services, Loading loading)
        implements ServiceContext {

    @Override
    public <T> T service(Class<T> type) {
        return type.cast(services.loadFor(loading, engine.kinds().of(type)));
    }

    @Override
    public <R> R resource(Class<R> type) {
        return engine.resources().resource(user, type);
    }

    @Override
    public ServiceSettings settings() {
        return loading.kind.settings();
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return engine.threads().scheduler();
    }

    @Override
    public Executor executor() {
        return engine.threads().workers();
    }

    @Override
    public Ticker ticker() {
        return engine.ticker();
    }
}
