package io.memfuse.bench.rounds;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What this JVM uses at the moment. */
final class Heap {

    private static final int COLLECTIONS = 4;

    private Heap() {}

    /** Returns the bytes in use after what is not reachable was collected. */
    static long usedBytes() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            // Reference queues are served by other threads, and free more the next time.
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Returns the number of platform threads. */
    static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
