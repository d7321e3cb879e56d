package io.memfuse.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** {@code docs/benchmarks.md}: a preamble and a section for each JDK, the oldest first. */
public final class BenchmarksPage {

    private static final String HEADING = "## JDK ";

    private static final String PREAMBLE = """
            # Benchmarks

            What MemFuse costs, beside what you would use without it: other pools for connections, the JDK's maps and locks and
            Caffeine for finding a pool, and the bare driver, which no pool can beat. Each table is one question; a row is one
            situation, timed with MemFuse and with each of its peers. Less is better.

            `goal` is what MemFuse is to reach in that row, set before it was measured and kept when it is missed, and `ratio` what it
            reached: `<= 1.1 x HikariCP` and `1.05 x` mean that it took 5 % longer than HikariCP, and might have taken 10. Rows without
            a goal are there to compare. What is missed is listed first. Mind the unit: a request finds its pool in nanoseconds (ns)
            and takes a connection in microseconds (us), while the shortest query over a network takes a fraction of a millisecond (ms),
            which is 1,000 us or 1,000,000 ns.

            Written by `memfuse-bench/run`; a run on another JDK replaces only its own section.

            Every figure is compared within one run, on one machine: the ratio is what holds, not the time. A score is a mean with
            JMH's 99.9 % error, or, where real connections are made, the median of alternating rounds with half the interquartile
            range. A ratio carries the errors of both scores. A goal is met if the ratio itself reaches it; "within noise" says that
            the error leaves it open.
            """;

    private BenchmarksPage() {}

    static String heading(int jdkFeature) {
        return HEADING + jdkFeature;
    }

    /** Returns the page with the section of one JDK added, or replaced if the page has one. */
    public static String with(String page, int jdkFeature, String section) {
        List<String> sections = new ArrayList<>(sections(page));
        sections.removeIf(old -> feature(old) == jdkFeature);
        sections.add(section);
        sections.sort(Comparator.comparingInt(BenchmarksPage::feature));
        return sections.stream().map(String::strip).collect(Collectors.joining("\n\n", PREAMBLE + "\n", "\n"));
    }

    private static List<String> sections(String page) {
        List<String> sections = new ArrayList<>();
        StringBuilder current = null;
        for (String line : page.lines().toList()) {
            if (line.startsWith(HEADING)) {
                if (current != null) {
                    sections.add(current.toString());
                }
                current = new StringBuilder();
            }
            if (current != null) {
                current.append(line).append('\n');
            }
        }
        if (current != null) {
            sections.add(current.toString());
        }
        return sections;
    }

    private static int feature(String section) {
        String number = section.substring(HEADING.length())
                .lines()
                .findFirst()
                .orElseThrow()
                .strip();
        return Integer.parseInt(number);
    }
}
