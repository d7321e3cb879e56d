package io.memfuse.it.services;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;

/**
 * The services of one user, made by the factories that the service loader finds and closed in the reverse order: what the
 * service cache does, without the cache. For one thread.
 */
final class UserContext implements ServiceContext, AutoCloseable {

    private final String user;
    private final DataSource dataSource;
    private final EngineThreads threads;
    private final Map<Class<?>, Object> services = new LinkedHashMap<>();
    private final Deque<Runnable> closers = new ArrayDeque<>();

    UserContext(String user, DataSource dataSource, EngineThreads threads) {
        this.user = user;
        this.dataSource = dataSource;
        this.threads = threads;
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public <T> T service(Class<T> type) {
        Object known = services.get(type);
        if (known != null) {
            return type.cast(known);
        }
        for (ServiceFactory<?> factory : ServiceLoader.load(ServiceFactory.class)) {
            if (factory.type() == type) {
                return type.cast(make(factory));
            }
        }
        throw new IllegalArgumentException("no factory makes " + type);
    }

    private <S> S make(ServiceFactory<S> factory) {
        try {
            S service = factory.create(this);
            services.put(factory.type(), service);
            closers.push(() -> close(factory, service));
            return service;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static <S> void close(ServiceFactory<S> factory, S service) {
        try {
            factory.close(service);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public <R> R resource(Class<R> type) {
        return type.cast(dataSource);
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return threads.scheduler();
    }

    @Override
    public Executor executor() {
        return threads.workers();
    }

    @Override
    public Ticker ticker() {
        return Ticker.system();
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
