package io.memfuse.services.buffer;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.time.Ticker;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The context of {@code alice}, who has no other services and no database. */
record FakeContext(ScheduledExecutorService scheduler, Executor executor, Ticker ticker) implements ServiceContext {

    @Override
    public String user() {
        return "alice";
    }

    @Override
    public <T> T service(Class<T> type) {
        throw new AssertionError("not asked for");
    }

    @Override
    public <R> R resource(Class<R> type) {
        throw new AssertionError("not asked for");
    }
}
