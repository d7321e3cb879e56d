package io.memfuse.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A fixed set of results, and what must be made of it. */
class ReportTest {

    private static final Group LOOK_UP = new Group(
            "look-up",
            "Find a pool",
            "ns",
            List.of("map", "lock", "none has it"),
            List.of(
                    new Group.Row(
                            "find",
                            "ours",
                            Map.of("map", "map", "lock", "lock"),
                            List.of(Goal.atMost(1.5, "map", "map"), Goal.faster(10, "lock", "lock"))),
                    new Group.Row("find | count", "counted", Map.of("map", "map"), List.of()),
                    new Group.Row("alone", "ours", Map.of(), List.of(Goal.atMost(1, "absent", "the absent"))),
                    new Group.Row("left out", "absent", Map.of("map", "map"), List.of())),
            List.of("Read it so."));

    private static final Group EMPTY = new Group(
            "empty",
            "Not measured",
            "ns",
            List.of(),
            List.of(new Group.Row("x", "absent", Map.of(), List.of())),
            List.of());

    private static final Results RESULTS = new Results(Map.of(
            "ours", new Score(8, 0.2),
            "counted", new Score(10, 0.5),
            "map", new Score(5, 0.1),
            "lock", new Score(100, 3)));

    private static final Environment ENVIRONMENT = new Environment(
            "A processor", 2, "Linux amd64", "17.0.1 (A vendor)", 17, LocalDate.of(2026, 1, 31), "short run");

    private static String golden(String name) throws IOException {
        try (InputStream file = ReportTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void writesASectionOfThePage() throws IOException {
        assertThat(MarkdownReport.section(ENVIRONMENT, List.of(LOOK_UP, EMPTY), RESULTS))
                .isEqualTo(golden("section.md"));
    }

    @Test
    void printsAlignedTables() throws IOException {
        assertThat(String.join("\n", TextReport.lines(List.of(LOOK_UP, EMPTY), RESULTS)) + "\n")
                .isEqualTo(golden("tables.txt"));
    }

    @Test
    void countsOnlyGoalsThatCouldBeJudged() {
        Tally tally = Tally.of(List.of(LOOK_UP, EMPTY), RESULTS);

        assertThat(tally.met()).isEqualTo(1);
        assertThat(tally.missed()).containsExactly("Find a pool, find: <= 1.5 x map; measured 1.60 ± 0.05 x");
        assertThat(tally.summary()).isEqualTo("1 of 2 goals met");
    }

    @Nested
    class ThePage {

        private static final String OLD = "## JDK 17\n\nstale\n";

        @Test
        void beginsWithItsPreamble() {
            assertThat(BenchmarksPage.with("", 17, "## JDK 17\n\nnew\n"))
                    .startsWith("# Benchmarks\n\nWhat MemFuse costs, beside what you would use without it")
                    .endsWith("\n\n## JDK 17\n\nnew\n");
        }

        @Test
        void replacesTheSectionOfTheSameJdkOnly() {
            String page = BenchmarksPage.with(BenchmarksPage.with("", 17, OLD), 25, "## JDK 25\n\nother\n");

            assertThat(BenchmarksPage.with(page, 17, "## JDK 17\n\nnew\n"))
                    .endsWith("\n\n## JDK 17\n\nnew\n\n## JDK 25\n\nother\n")
                    .doesNotContain("stale");
        }

        @Test
        void putsTheOldestJdkFirst() {
            String page = BenchmarksPage.with(BenchmarksPage.with("", 25, "## JDK 25\n\nother\n"), 17, OLD);

            assertThat(page).endsWith("\n\n## JDK 17\n\nstale\n\n## JDK 25\n\nother\n");
        }

        @Test
        void isTheSameWhenItIsWrittenAgain() {
            String page = BenchmarksPage.with("", 17, OLD);

            assertThat(BenchmarksPage.with(page, 17, OLD)).isEqualTo(page);
        }
    }
}
