package io.memfuse.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/** Writes a run as a section of {@code docs/benchmarks.md}. */
public final class MarkdownReport {

    private MarkdownReport() {}

    /** Returns the section of one JDK, which begins with its heading and ends with a line feed. */
    public static String section(Environment environment, List<Group> groups, Results results) {
        var page = new StringBuilder();
        page.append(BenchmarksPage.heading(environment.jdkFeature())).append("\n\n");
        page.append("%s, %d cores, %s; JDK %s; %s; %s.\n"
                .formatted(
                        environment.cpu(),
                        environment.cores(),
                        environment.system(),
                        environment.jdk(),
                        environment.date(),
                        environment.mode()));
        appendTally(page, Tally.of(groups, results));
        groups.forEach(group -> appendGroup(page, group, new Sheet(group, results)));
        return page.toString();
    }

    private static void appendTally(StringBuilder page, Tally tally) {
        page.append("\n**").append(tally.summary()).append('.').append("**\n");
        if (!tally.missed().isEmpty()) {
            page.append('\n');
            tally.missed().forEach(missed -> page.append("- ").append(missed).append('\n'));
        }
    }

    private static void appendGroup(StringBuilder page, Group group, Sheet sheet) {
        if (sheet.lines().isEmpty()) {
            return;
        }
        page.append("\n### ").append(group.title()).append("\n\n");
        page.append(line(sheet.header()));
        page.append(line(sheet.header().stream().map(title -> "---").toList()));
        sheet.lines().forEach(cells -> page.append(line(cells)));
        group.notes().forEach(note -> page.append('\n').append(note).append('\n'));
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
