package io.memfuse.cli.startup;

import io.memfuse.cli.output.Table;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.startup.StartupReport.Entry;
import io.memfuse.core.time.Durations;
import java.io.PrintStream;

/** The report as two tables, and when all was ready. */
public final class StartupReportTable {

    private StartupReportTable() {}

    /** Prints the report. */
    public static void print(StartupReport report, PrintStream out) {
        print(pools(report), out);
        print(services(report), out);
        out.println((report.allWell() ? "ready" : "started, with failures,") + " in "
                + report.readyAfter().toMillis() + " ms");
    }

    private static Table pools(StartupReport report) {
        var table = new Table("POOL", "PROVIDER", "STATE", "CONNECTIONS", "TIME", "ERROR").number(3, 4);
        report.pools()
                .forEach(entry -> table.row(
                        entry.key().toString(),
                        entry.key().provider(),
                        entry.state().name(),
                        Integer.toString(entry.connections()),
                        Durations.format(entry.took()),
                        error(entry)));
        return table;
    }

    private static Table services(StartupReport report) {
        var table = new Table("USER", "SERVICE", "STATE", "TIME", "ERROR").number(3);
        report.services()
                .forEach(entry -> table.row(
                        entry.key().user(),
                        entry.key().service(),
                        entry.state().name(),
                        Durations.format(entry.took()),
                        error(entry)));
        return table;
    }

    private static String error(Entry entry) {
        return entry.error().orElse("-");
    }

    private static void print(Table table, PrintStream out) {
        if (!table.isEmpty()) {
            table.lines().forEach(out::println);
            out.println();
        }
    }
}
