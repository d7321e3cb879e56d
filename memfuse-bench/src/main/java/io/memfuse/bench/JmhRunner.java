package io.memfuse.bench;

import io.memfuse.bench.report.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs JMH benchmarks, one JVM at a time, and keeps what JMH says in a log. Whoever calls it decides in which order the JVMs
 * run; what several JVMs measured of one benchmark is one score. Used by one thread.
 */
final class JmhRunner {

    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private final Mode mode;
    private final Path directory;
    private final Map<Measure.Jmh, List<BenchmarkResult>> measured = new HashMap<>();
    private int runs;

    /** @param directory where the logs go, one for each JVM */
    JmhRunner(Mode mode, Path directory) {
        this.mode = mode;
        this.directory = directory;
    }

    /**
     * Runs one JVM more, and returns the scores by id of all that have run of this benchmark: nanoseconds for each operation,
     * and its bytes.
     *
     * @throws IllegalStateException if the benchmark failed; the log says why
     */
    Map<String, Score> run(Measure.Jmh measure) {
        Path log = directory.resolve("jmh-" + ++runs + ".log");
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + Pattern.quote(measure.method()) + "$")
                .threads(measure.threads())
                .forks(1)
                .warmupIterations(mode.warmUps(measure.closely()))
                .warmupTime(TimeValue.milliseconds(mode.warmUpMillis()))
                .measurementIterations(mode.iterations())
                .measurementTime(TimeValue.milliseconds(mode.iterationMillis()))
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                .output(log.toString());
        measure.params().forEach(options::param);
        if (measure.apart()) {
            options.jvmArgsAppend("-XX:ObjectAlignmentInBytes=64");
        }
        try {
            return scores(measure, new Runner(options.build()).run());
        } catch (RunnerException e) {
            throw new IllegalStateException(measure.id() + " failed; see " + log.getFileName(), e);
        }
    }

    private Map<String, Score> scores(Measure.Jmh measure, Collection<RunResult> results) {
        if (results.size() != 1) {
            throw new IllegalStateException(measure.id() + " is " + results.size() + " benchmarks");
        }
        RunResult result = results.iterator().next();
        List<BenchmarkResult> all = measured.computeIfAbsent(measure, id -> new ArrayList<>());
        all.addAll(result.getBenchmarkResults());
        RunResult together = new RunResult(result.getParams(), all);
        Map<String, Score> scores = new TreeMap<>();
        scores.put(measure.id(), score(together.getPrimaryResult()));
        Result<?> bytes = together.getSecondaryResults().get(ALLOCATION);
        if (bytes != null) {
            scores.put(new Measure.Bytes(measure).id(), score(bytes));
        }
        return scores;
    }

    private static Score score(Result<?> result) {
        return new Score(result.getScore(), result.getScoreError());
    }
}
