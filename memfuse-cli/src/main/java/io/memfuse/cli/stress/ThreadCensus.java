package io.memfuse.cli.stress;

import java.util.List;

/**
 * Counts the platform threads of this JVM. Not counted are those of which the number says nothing of what the program left
 * behind: the JDK's own that reap child processes, which it keeps for a minute after a child has ended; and the one cleaner
 * that PostgreSQL's driver starts with the first connection of the JVM, whoever makes it and when, and keeps for ever.
 */
final class ThreadCensus {

    private static final List<String> NOT_COUNTED = List.of("process reaper", "Cleaner-");

    private ThreadCensus() {}

    static int count() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> NOT_COUNTED.stream().noneMatch(thread.getName()::startsWith))
                .count();
    }
}
