package io.memfuse.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Writes a run for the terminal. */
public final class TextReport {

    private TextReport() {}

    /** Returns the lines of all tables and the count of goals. */
    public static List<String> lines(List<Group> groups, Results results) {
        var lines = new ArrayList<String>();
        for (Group group : groups) {
            var sheet = new Sheet(group, results);
            if (!sheet.lines().isEmpty()) {
                lines.add("");
                lines.add(group.title());
                lines.addAll(aligned(sheet));
            }
        }
        lines.add("");
        lines.add(Tally.of(groups, results).summary());
        return lines;
    }

    private static List<String> aligned(Sheet sheet) {
        var all = new ArrayList<List<String>>();
        all.add(sheet.header());
        all.addAll(sheet.lines());
        int[] widths = new int[sheet.header().size()];
        for (List<String> cells : all) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], cells.get(column).length());
            }
        }
        return all.stream().map(cells -> line(cells, widths)).toList();
    }

    private static String line(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
