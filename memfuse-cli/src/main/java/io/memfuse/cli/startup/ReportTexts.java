package io.memfuse.cli.startup;

import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.core.time.Durations;

/** One sentence for each entry that has settled. Why it failed is left to the report. */
final class ReportTexts {

    private ReportTexts() {}

    /** Returns such as {@code pool hikari://...: OPEN, 5 connections, 120 ms}. */
    static String sentence(PoolEntry entry) {
        int count = entry.connections();
        return "pool " + entry.key() + ": " + entry.state() + ", " + count
                + (count == 1 ? " connection" : " connections") + ", " + Durations.format(entry.took());
    }

    /** Returns such as {@code service memory of alice: READY, 12 ms}. */
    static String sentence(ServiceEntry entry) {
        return "service " + entry.key() + ": " + entry.state() + ", " + Durations.format(entry.took());
    }
}
