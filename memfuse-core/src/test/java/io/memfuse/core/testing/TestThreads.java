package io.memfuse.core.testing;

import io.memfuse.core.thread.EngineThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Engine threads for tests. */
public final class TestThreads {

    private TestThreads() {}

    /** Real executors, and a scheduler that goes by {@code time}. */
    public static EngineThreads with(ManualTime time) {
        return new EngineThreads(time.scheduler(), executor(), executor(), executor(), executor(), executor());
    }

    private static ExecutorService executor() {
        return Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "test-engine");
            thread.setDaemon(true);
            return thread;
        });
    }
}
