package io.memfuse.config.platform;

import io.memfuse.core.health.HealthMonitor;
import io.memfuse.core.jmx.JmxBeans;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.startup.Startup;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs in a platform, newest first: each part uses those after it, and so ends before them. */
public record Engine(
        Startup startup,
        HealthMonitor health,
        @Nullable JmxBeans beans,
        ServiceCache services,
        PoolRegistry registry,
        EngineThreads threads,
        Ticker ticker) {

    private static final Logger LOG = LoggerFactory.getLogger("io.memfuse.config.MemFuse");

    /** Threads that were interrupted end at once, unless a driver or a user's code does not care. */
    private static final Duration THREADS_END = Duration.ofSeconds(2);

    /** Begins to look after health, and to show beans if they are wanted. */
    public void watch() {
        health.start();
        if (beans != null) {
            beans.start();
        }
    }

    /**
     * Ends everything, in order. A part that fails stops none of those after it; the first failure is thrown when all have
     * ended, the others suppressed by it. Runs on a thread that nobody interrupts.
     *
     * @param drainTimeout how long services and then pools may take together to finish what is in use
     */
    public List<DrainReport> close(Duration drainTimeout) {
        Deadline deadline = Deadline.after(drainTimeout, ticker);
        List<DrainReport> drained = new ArrayList<>();
        Steps.runAll(
                startup::close,
                health::close,
                this::closeBeans,
                () -> services.close(deadline.remaining()),
                () -> drained.addAll(registry.close(deadline.remaining())),
                threads::close,
                this::awaitThreads);
        return List.copyOf(drained);
    }

    private void closeBeans() {
        if (beans != null) {
            beans.close();
        }
    }

    private void awaitThreads() {
        try {
            if (!threads.awaitTermination(THREADS_END)) {
                LOG.warn("memfuse: threads still run {} s after they were told to end", THREADS_END.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
