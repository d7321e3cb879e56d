package io.memfuse.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonReportTest {

    @TempDir
    Path folder;

    private static ComparisonReport report(String claim) {
        var times = new Samples();
        times.add(new long[] {1_000_000});
        var row = new Row(claim, "ms", null, times.quantile(1), true);
        return new ComparisonReport(new ComparisonResult(List.of(row), List.of(), 1, 1, 0, 0, 0, times, times));
    }

    @Test
    void writesItsPageAnewAndLeavesWhatStandsBelow() throws Exception {
        Path page = folder.resolve("results.md");
        report("first").write(folder, "run it");
        Files.writeString(page, Files.readString(page) + "\n## A soak\n\nof another program\n");

        report("second").write(folder, "run it");

        assertThat(page)
                .content()
                .contains("| second |", "- one round; ")
                .doesNotContain("| first |")
                .endsWith("acquisition.svg)\n\n## A soak\n\nof another program\n");
    }
}
