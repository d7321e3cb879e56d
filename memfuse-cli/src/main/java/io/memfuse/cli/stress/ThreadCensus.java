package io.memfuse.cli.stress;

import java.util.List;

/**
 * Counts the platform threads of this JVM. Not counted are the JDK's own that reap child processes: it keeps them for a
 * minute after a child has ended, so that their number says when the program was started and nothing of what it did.
 */
final class ThreadCensus {

    private static final List<String> NOT_COUNTED = List.of("process reaper");

    private ThreadCensus() {}

    static int count() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> NOT_COUNTED.stream().noneMatch(thread.getName()::startsWith))
                .count();
    }
}
