package io.memfuse.core.service;

import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** A cache with services that depend on each other, real executors and time that the test advances. */
abstract class ServiceCacheFixture {

    // Three services as an application has them: each a type of its own, with the user it was made for.
    record Storage(String user) {}

    record Buffer(String user, Storage storage) {}

    record Memory(String user, Buffer buffer) {}

    /** What a factory does to make a service. */
    @FunctionalInterface
    interface Maker<S> {
        S make(ServiceContext context) throws Exception;
    }

    static final class Factory<S> implements ServiceFactory<S> {

        private final String name;
        private final Class<S> type;
        private final Maker<S> maker;
        private final List<String> closed;
        volatile Closer closer = () -> {};

        @FunctionalInterface
        interface Closer {
            void close() throws Exception;
        }

        Factory(String name, Class<S> type, List<String> closed, Maker<S> maker) {
            this.name = name;
            this.type = type;
            this.closed = closed;
            this.maker = maker;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Class<S> type() {
            return type;
        }

        @Override
        public S create(ServiceContext context) throws Exception {
            return maker.make(context);
        }

        @Override
        public void close(S service) throws Exception {
            closer.close();
            closed.add(name);
        }
    }

    final ManualTime time = new ManualTime();
    final EngineThreads threads = TestThreads.with(time);
    final ExecutorService callers = Executors.newCachedThreadPool();
    final List<String> closed = new CopyOnWriteArrayList<>();
    final AtomicInteger made = new AtomicInteger();

    final Factory<Storage> storage = new Factory<>("storage", Storage.class, closed, context -> {
        made.incrementAndGet();
        return new Storage(context.user());
    });
    final Factory<Buffer> buffer = new Factory<>(
            "buffer", Buffer.class, closed, context -> new Buffer(context.user(), context.service(Storage.class)));
    final Factory<Memory> memory = new Factory<>(
            "memory", Memory.class, closed, context -> new Memory(context.user(), context.service(Buffer.class)));

    final ServiceCache cache =
            builder().factory(storage).factory(buffer).factory(memory).build();

    ServiceCache.Builder builder() {
        return ServiceCache.builder()
                .threads(threads)
                .ticker(time)
                .maxUsers(20)
                .evictionGrace(Duration.ofSeconds(30))
                .loadTimeout(Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        cache.close(Duration.ofSeconds(5));
        threads.close();
    }

    EngineThreads withExecutors(ExecutorService callbacks, ExecutorService loaders) {
        return new EngineThreads(
                threads.scheduler(), callbacks, threads.openers(), threads.workers(), threads.closers(), loaders);
    }

    /** Has more to do already than it will ever do. */
    static final class NeverRunning extends ThreadPoolExecutor {

        NeverRunning() {
            super(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }

        @Override
        public void execute(Runnable command) {
            // Left for ever.
        }
    }

    /** Gets no thread from the machine. */
    static final class Exhausted extends ThreadPoolExecutor {

        Exhausted() {
            super(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }

        @Override
        public void execute(Runnable command) {
            throw new OutOfMemoryError("unable to create native thread");
        }
    }
}
