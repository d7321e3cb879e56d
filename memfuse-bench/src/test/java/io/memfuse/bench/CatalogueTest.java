package io.memfuse.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.bench.report.Goal;
import io.memfuse.bench.report.Group;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the catalogue names must be there. */
class CatalogueTest {

    private static Catalogue catalogue(String mode) throws Options.UsageException {
        return Catalogue.of(Options.parse(List.of(mode), Path.of("root")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--short", "--full"})
    void everyGoalComparesWithSomethingThatIsMeasured(String mode) throws Exception {
        Catalogue catalogue = catalogue(mode);
        Set<String> measured = catalogue.measures().stream().map(Measure::id).collect(Collectors.toSet());

        for (Group group : catalogue.groups()) {
            for (Group.Row row : group.rows()) {
                assertThat(measured)
                        .contains(row.ours())
                        .containsAll(row.peers().values());
                assertThat(row.goals())
                        .extracting(Goal::against)
                        .allMatch(against -> against.isEmpty() || measured.contains(against));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--short", "--full"})
    void groupsHaveIdsOfTheirOwn(String mode) throws Exception {
        List<String> ids = catalogue(mode).groups().stream().map(Group::id).toList();

        assertThat(ids).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--short", "--full"})
    void everyBenchmarkIsOneThatJmhKnows(String mode) throws Exception {
        Set<String> known = benchmarks();
        Set<String> named = new TreeSet<>();
        for (Measure measure : catalogue(mode).measures()) {
            if (measure instanceof Measure.Jmh jmh) {
                named.add(jmh.method());
            }
        }

        assertThat(named).isNotEmpty();
        assertThat(known).containsAll(named);
    }

    /** From the list that JMH's annotation processor leaves: each text follows its length. */
    private static Set<String> benchmarks() throws Exception {
        try (InputStream file = Objects.requireNonNull(
                CatalogueTest.class.getResourceAsStream("/META-INF/BenchmarkList"), "JMH's list")) {
            Set<String> names = new HashSet<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] words = line.split(" +", -1);
                String type = words[3];
                names.add(type.substring(type.lastIndexOf('.') + 1) + "." + words[9]);
            });
            return names;
        }
    }
}
