package io.memfuse.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** An aligned table; columns of numbers are aligned on the right. Not thread-safe. */
public final class Table {

    private static final String GAP = "  ";

    private final List<String> header;
    private final Set<Integer> numbers = new TreeSet<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Starts a table with these titles. */
    public Table(String... titles) {
        this.header = List.of(titles);
    }

    /** Aligns a column, counted from 0, on the right. */
    public Table number(int... columns) {
        Arrays.stream(columns).forEach(numbers::add);
        return this;
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has more or fewer cells than there are titles
     */
    public Table row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Tells whether there is no row. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Returns the lines of the table, without blanks at their ends. */
    public List<String> lines() {
        var all = new ArrayList<List<String>>();
        all.add(header);
        all.addAll(rows);
        int[] widths = new int[header.size()];
        all.forEach(row -> {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        });
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String blanks = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : GAP).append(numbers.contains(column) ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }
}
