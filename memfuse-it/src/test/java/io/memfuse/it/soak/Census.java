package io.memfuse.it.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import io.memfuse.it.TestDatabase;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;

/** Counts what could leak. Not thread-safe. */
final class Census {

    private static final double MEBIBYTE = 1024 * 1024;

    private final List<TestDatabase> databases;
    private final long startNanos = System.nanoTime();
    private double lastSeconds;
    private long lastAcknowledged;

    Census(List<TestDatabase> databases) {
        this.databases = databases;
    }

    Sample take(long acknowledged) {
        System.gc(); // What is alive is all that is of interest, and the test has time.
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double perSecond = (acknowledged - lastAcknowledged) / (seconds - lastSeconds);
        lastSeconds = seconds;
        lastAcknowledged = acknowledged;
        return new Sample(
                seconds,
                heap.getUsed() / MEBIBYTE,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles(),
                databases.stream()
                        .mapToInt(database -> database.backends().count())
                        .sum(),
                perSecond);
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}
