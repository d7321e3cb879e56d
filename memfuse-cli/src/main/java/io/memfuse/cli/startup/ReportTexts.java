package io.memfuse.cli.startup;

import io.memfuse.core.startup.StartupReport.Entry;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.core.time.Durations;

/** One sentence for each entry that has settled. Why it failed is left to the report. */
final class ReportTexts {

    /** Said when a start is given up. */
    static final String STOPPING = "stopped while it started; draining";

    private ReportTexts() {}

    /**
     * Returns such as {@code pool hikari://...: OPEN, 5 connections, 120 ms}.
     *
     * @param stopping whether the start is given up, so that a failure says nothing
     */
    static String sentence(PoolEntry entry, boolean stopping) {
        int count = entry.connections();
        String state = entry.state() + ", " + count + (count == 1 ? " connection" : " connections");
        return "pool " + entry.key() + ": " + outcome(entry, stopping, state);
    }

    /**
     * Returns such as {@code service memory of alice: READY, 12 ms}.
     *
     * @param stopping whether the start is given up, so that a failure says nothing
     */
    static String sentence(ServiceEntry entry, boolean stopping) {
        return "service " + entry.key() + ": "
                + outcome(entry, stopping, entry.state().name());
    }

    private static String outcome(Entry entry, boolean stopping, String state) {
        return (stopping && entry.failure() != null ? "STOPPED" : state) + ", " + Durations.format(entry.took());
    }
}
