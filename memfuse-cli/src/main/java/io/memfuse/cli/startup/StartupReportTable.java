package io.memfuse.cli.startup;

import io.memfuse.cli.output.Table;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.startup.StartupReport.Entry;
import io.memfuse.core.time.Durations;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * The report as two tables, why entries failed, a line for each, and when all was ready. Names come last in a row: they may be
 * longer than a terminal is wide, and then the columns stand below each other all the same.
 */
public final class StartupReportTable {

    private StartupReportTable() {}

    /** Prints the report. */
    public static void print(StartupReport report, PrintStream out) {
        print(pools(report), out);
        print(services(report), out);
        printErrors(report, out);
        out.println((report.allWell() ? "ready" : "started, with failures,") + " in "
                + report.readyAfter().toMillis() + " ms");
    }

    private static Table pools(StartupReport report) {
        var table = new Table("STATE", "CONNECTIONS", "TIME", "POOL").number(1, 2);
        report.pools()
                .forEach(entry -> table.row(
                        entry.state().name(),
                        Integer.toString(entry.connections()),
                        Durations.format(entry.took()),
                        entry.key().toString()));
        return table;
    }

    private static Table services(StartupReport report) {
        var table = new Table("STATE", "TIME", "SERVICE", "USER").number(1);
        report.services()
                .forEach(entry -> table.row(
                        entry.state().name(),
                        Durations.format(entry.took()),
                        entry.key().service(),
                        entry.key().user()));
        return table;
    }

    /** Below the tables: a reason is longer than the rest of its line leaves room for. */
    private static void printErrors(StartupReport report, PrintStream out) {
        if (!report.allWell()) {
            errors(report.pools()).forEach(out::println);
            errors(report.services()).forEach(out::println);
            out.println();
        }
    }

    private static Stream<String> errors(List<? extends Entry> entries) {
        return entries.stream().flatMap(entry -> entry.error().stream()).map(error -> "error: " + error);
    }

    private static void print(Table table, PrintStream out) {
        if (!table.isEmpty()) {
            table.lines().forEach(out::println);
            out.println();
        }
    }
}
