package io.memfuse.bench.rounds;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What this JVM uses at the moment. */
final class Heap {

    private static final int COLLECTIONS = 4;

    /** The threads that the JDK keeps for virtual threads: as many as there are cores, and some that wait for time and sockets. */
    private static final List<String> OF_VIRTUAL_THREADS =
            List.of("ForkJoinPool-1-worker-", "VirtualThread-", "Read-Poller", "Write-Poller", "Master-Poller");

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

    /** Returns the number of platform threads, without the JDK's own for virtual threads. */
    static int threads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return (int) Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(Objects::nonNull)
                .map(ThreadInfo::getThreadName)
                .filter(name -> OF_VIRTUAL_THREADS.stream().noneMatch(name::startsWith))
                .count();
    }
}
