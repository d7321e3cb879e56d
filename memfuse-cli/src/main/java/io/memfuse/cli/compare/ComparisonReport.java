package io.memfuse.cli.compare;

import io.memfuse.cli.compare.Samples.Spread;
import io.memfuse.cli.output.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison as tables on a terminal, and as a page with charts. */
public final class ComparisonReport {

    private static final String CHART = "acquisition.svg";

    private final ComparisonResult result;

    public ComparisonReport(ComparisonResult result) {
        this.result = result;
    }

    /** Prints the tables. */
    public void print(PrintStream out) {
        var claims = new Table("CLAIM", "UNIT", "BEFORE", "MEMFUSE", "RATIO", "VERDICT").number(2, 3, 4);
        result.claims()
                .forEach(row -> claims.row(
                        row.claim(), row.unit(), text(row.before()), text(row.after()), ratio(row), row.word()));
        claims.lines().forEach(out::println);
        out.println();
        var trouble = new Table("ACQUIRE A CONNECTION WHILE", "UNIT", "BEFORE", "MEMFUSE", "RATIO").number(2, 3, 4);
        result.trouble()
                .forEach(
                        row -> trouble.row(row.claim(), row.unit(), text(row.before()), text(row.after()), ratio(row)));
        trouble.lines().forEach(out::println);
        out.println();
        summary().forEach(out::println);
    }

    private List<String> summary() {
        return List.of(
                (result.rounds() == 1
                                ? "one round"
                                : "medians of " + result.rounds()
                                        + " rounds that took turns, in brackets the least and the most")
                        + "; " + result.requests() + " requests at once; " + threads(),
                "ratio: before divided by MemFuse; more than 1 means that MemFuse took less",
                "before: one lock around look-up, opening and a SELECT 1 that checks the pool; failed requests: "
                        + result.errorsBefore(),
                "MemFuse: failed requests: " + result.errorsAfter() + "; look-ups that waited for the registry's lock: "
                        + result.contended());
    }

    private static String threads() {
        boolean virtual = Runtime.version().feature() >= 21;
        return (virtual ? "virtual" : "platform") + " threads on JDK " + Runtime.version() + ", "
                + Runtime.getRuntime().availableProcessors() + " cores";
    }

    private static String text(@Nullable Spread spread) {
        if (spread == null) {
            return "-";
        }
        String median = number(spread.median());
        return spread.least() == spread.most()
                ? median
                : median + " (" + number(spread.least()) + " to " + number(spread.most()) + ")";
    }

    private static String ratio(Row row) {
        Double ratio = row.ratio();
        return ratio == null ? "-" : String.format(Locale.ROOT, ratio < 10 ? "%.1f x" : "%.0f x", ratio);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 0.1 ? "%.4f" : value < 10 ? "%.2f" : "%.0f", value);
    }

    /**
     * Writes {@code results.md} and its chart into a directory, which is made if it is not there. What other programs wrote below, under
     * headings of their own, stays.
     *
     * @param command how to repeat it
     */
    public void write(Path directory, String command) throws IOException {
        Files.createDirectories(directory.resolve("images"));
        Files.writeString(
                directory.resolve("images").resolve(CHART),
                new LatencyChart("Milliseconds until a request has its connection")
                        .curve("before", result.acquireBefore().all())
                        .curve("MemFuse", result.acquireAfter().all())
                        .svg());
        Path page = directory.resolve("results.md");
        Files.writeString(page, page(command) + sectionsBelow(page));
    }

    private static String sectionsBelow(Path page) throws IOException {
        String text = Files.exists(page) ? Files.readString(page) : "";
        int from = text.indexOf("\n## ");
        return from < 0 ? "" : text.substring(from);
    }

    private String page(String command) {
        var page = new StringBuilder("# Results\n\n");
        page.append("The claims of the first implementation, tried beside it. Measured on ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(" by `")
                .append(command)
                .append("`; run it on your own machine.\n\n");
        summary().forEach(line -> page.append("- ").append(line).append(".\n"));
        page.append(
                "\n| claim | unit | before | MemFuse | ratio | verdict |\n| --- | --- | ---: | ---: | ---: | --- |\n");
        result.claims()
                .forEach(row -> page.append("| " + row.claim() + " | " + row.unit() + " | " + text(row.before()) + " | "
                        + text(row.after()) + " | " + ratio(row) + " | " + row.word() + " |\n"));
        page.append(
                "\n| acquire a connection while | unit | before | MemFuse | ratio |\n| --- | --- | ---: | ---: | ---: |\n");
        result.trouble()
                .forEach(row -> page.append("| " + row.claim() + " | " + row.unit() + " | " + text(row.before()) + " | "
                        + text(row.after()) + " | " + ratio(row) + " |\n"));
        page.append("\n![How long requests wait for a connection](images/")
                .append(CHART)
                .append(")\n");
        return page.toString();
    }
}
