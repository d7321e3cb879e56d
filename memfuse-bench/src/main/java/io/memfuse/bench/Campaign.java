package io.memfuse.bench;

import io.memfuse.bench.report.Results;
import io.memfuse.bench.report.Score;
import io.memfuse.bench.rounds.RoundsRunner;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Takes all measurements, one after the other, and says how far it is. Used by one thread. */
final class Campaign {

    private final Options options;
    private final PrintStream progress;
    private final Map<String, Score> scores = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private int done;

    Campaign(Options options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Returns what was measured; what failed is told, and left out. */
    Results run(Collection<Measure> measures) throws InterruptedException {
        Set<Measure.Jmh> benchmarks = new LinkedHashSet<>();
        Set<String> scenarios = new LinkedHashSet<>();
        for (Measure measure : measures) {
            if (measure instanceof Measure.Jmh benchmark) {
                benchmarks.add(benchmark);
            } else if (measure instanceof Measure.Bytes bytes) {
                benchmarks.add(bytes.benchmark());
            } else if (measure instanceof Measure.Round round) {
                scenarios.add(round.scenario());
            }
        }
        List<Measure.Jmh> forks = inTurns(benchmarks, options.mode());
        int total = forks.size() + scenarios.size();
        var jmh = new JmhRunner(options.mode(), options.logs());
        for (Measure.Jmh benchmark : forks) {
            measure(benchmark.id(), total, () -> jmh.run(benchmark));
        }
        if (!scenarios.isEmpty()) {
            try (var rounds =
                    new RoundsRunner(options.mode().forks(), options.mode().roundsFactor(), options.logs())) {
                for (String scenario : scenarios) {
                    measure(scenario, total, () -> rounds.run(scenario));
                }
            }
        }
        failures.forEach(failure -> progress.println("FAILED: " + failure));
        return new Results(scores);
    }

    /**
     * Returns the benchmarks, each as often as it gets a JVM: first one JVM of each, then the second of each, and so on. So
     * what is compared is measured next to each other in time, again and again, and a machine that is slower for a minute
     * is slower for all.
     */
    static List<Measure.Jmh> inTurns(Collection<Measure.Jmh> benchmarks, Mode mode) {
        int rounds = mode.forks(true);
        return IntStream.range(0, rounds)
                .boxed()
                .flatMap(round -> benchmarks.stream().filter(each -> mode.forks(each.closely()) > round))
                .toList();
    }

    private interface Measuring {
        Map<String, Score> run() throws InterruptedException;
    }

    private void measure(String name, int total, Measuring measuring) throws InterruptedException {
        done++;
        String outcome;
        try {
            Map<String, Score> measured = measuring.run();
            scores.putAll(measured);
            Score main = measured.get(name);
            outcome = main == null ? measured.size() + " numbers" : "%.1f ns".formatted(main.value());
        } catch (IllegalStateException e) {
            failures.add(e.getMessage());
            outcome = "failed";
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        progress.printf(
                "[%d/%d %d:%02d] %s: %s%n", done, total, elapsed.toMinutes(), elapsed.toSecondsPart(), name, outcome);
    }
}
