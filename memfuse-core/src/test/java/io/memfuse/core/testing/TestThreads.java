package io.memfuse.core.testing;

import io.memfuse.core.thread.EngineThreads;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Engine threads for tests. */
public final class TestThreads {

    private TestThreads() {}

    /** Real executors, and a scheduler that goes by {@code time}. */
    public static EngineThreads with(ManualTime time) {
        return new EngineThreads(time.scheduler(), executor(), executor(), executor(), executor(), executor());
    }

    /** Does all work at once, on the thread that asks for it, and what is scheduled on the thread that advances {@code time}. */
    public static EngineThreads onCaller(ManualTime time) {
        return new EngineThreads(
                time.scheduler(),
                new CallerExecutor(),
                new CallerExecutor(),
                new CallerExecutor(),
                new CallerExecutor(),
                new CallerExecutor());
    }

    private static final class CallerExecutor extends AbstractExecutorService {

        private volatile boolean shutdown;

        @Override
        public void execute(Runnable command) {
            if (shutdown) {
                throw new RejectedExecutionException("the executor was shut down");
            }
            command.run();
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }

    private static ExecutorService executor() {
        return Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "test-engine");
            thread.setDaemon(true);
            return thread;
        });
    }
}
