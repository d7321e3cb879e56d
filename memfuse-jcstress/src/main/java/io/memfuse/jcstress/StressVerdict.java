package io.memfuse.jcstress;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;

/** What a run has shown: each scenario with what came of it and how often, and what of it is a failure. */
final class StressVerdict {

    static final String HEADLINE = "What came of each scenario, and how often";

    private final Map<String, TestResult> results;
    private final List<TestInfo> scenarios;
    private final int jvms;
    private final List<String> failures = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();

    StressVerdict(List<TestInfo> scenarios, Collection<TestResult> results, boolean demandsInteresting) {
        this.scenarios = scenarios;
        this.jvms = results.size();
        this.results = ReportUtils.mergedByName(results).stream()
                .collect(Collectors.toMap(TestResult::getName, Function.identity()));
        if (scenarios.isEmpty()) {
            failures.add("no scenario matched");
        }
        scenarios.forEach(this::judge);
        if (demandsInteresting) {
            failures.addAll(unseen);
        }
    }

    private void judge(TestInfo scenario) {
        TestResult result = results.get(scenario.name());
        if (result == null) {
            failures.add(scenario.name() + " did not run");
            return;
        }
        if (result.status() != Status.NORMAL) {
            failures.add(scenario.name() + " ended with " + result.status() + ": " + result.getMessages());
        }
        for (GradingResult outcome : result.grading().gradingResults.values()) {
            String told = scenario.name() + ": " + outcome.id + " (" + outcome.description + ")";
            if (outcome.expect == Expect.ACCEPTABLE_INTERESTING && outcome.count == 0) {
                unseen.add("never occurred: " + told);
            } else if (outcome.expect == Expect.FORBIDDEN && outcome.count > 0) {
                failures.add("forbidden: " + told + ", " + outcome.count + " times");
            }
        }
    }

    boolean passed() {
        return failures.isEmpty();
    }

    void print(PrintStream out) {
        out.println(HEADLINE);
        long samples = 0;
        for (TestInfo scenario : scenarios) {
            TestResult result = results.get(scenario.name());
            out.printf("%n%s%n", scenario.name());
            samples += print(result, out);
        }
        out.printf("%n%d scenarios, %d JVMs, %,d samples%n", scenarios.size(), jvms, samples);
        unseen.forEach(out::println);
        failures.forEach(failure -> out.println("FAILURE: " + failure));
        out.println(passed() ? "PASSED" : "FAILED");
    }

    private static long print(@Nullable TestResult result, PrintStream out) {
        if (result == null) {
            return 0;
        }
        for (GradingResult outcome : result.grading().gradingResults.values()) {
            if (outcome.count > 0 || outcome.expect == Expect.ACCEPTABLE_INTERESTING) {
                out.printf("  %,15d  %s (%s)%n", outcome.count, outcome.id, outcome.description);
            }
        }
        return result.getTotalCount();
    }
}
