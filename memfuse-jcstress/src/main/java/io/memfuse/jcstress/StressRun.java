package io.memfuse.jcstress;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.TestExecutor;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.DiskWriteCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.MuxCollector;
import org.openjdk.jcstress.infra.collectors.SerializedBufferCollector;
import org.openjdk.jcstress.infra.grading.ConsoleReportPrinter;
import org.openjdk.jcstress.infra.grading.HTMLReportPrinter;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs scenarios under jcstress and grades them. Takes a {@link StressPlan}, a regular expression of
 * scenarios, and options of jcstress that go before those of the plan; leaves its results in the working directory.
 *
 * <p>jcstress' own main does not do: it runs no scenario with more actors than the machine has cores and says so only in
 * passing, ends well when nothing matched, and lets an interesting outcome that never occurred pass.
 */
public final class StressRun {

    private final StressPlan plan;
    private final List<TestInfo> scenarios;
    private final List<String> given;
    private final PrintStream out;

    private StressRun(StressPlan plan, List<TestInfo> scenarios, List<String> given, PrintStream out) {
        this.plan = plan;
        this.scenarios = scenarios;
        this.given = given;
        this.out = out;
    }

    /** Ends with 0 if all is well, else with 1. */
    public static void main(String[] arguments) throws IOException {
        var plan = StressPlan.valueOf(arguments[0]);
        Pattern wanted = Pattern.compile(arguments[1]);
        List<TestInfo> scenarios = TestList.tests().stream()
                .filter(name -> wanted.matcher(name).find())
                .sorted()
                .map(TestList::getInfo)
                .toList();
        List<String> given = List.of(arguments).subList(2, arguments.length);
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean passed = new StressRun(plan, scenarios, given, out).run();
        System.exit(passed ? 0 : 1);
    }

    private boolean run() throws IOException {
        Options options = plan.options(given);
        plan.prepare(options);
        var results = new InProcessCollector();
        for (Cores cores : Cores.values()) {
            run(cores, results);
        }
        new HTMLReportPrinter(options, results, out).work();
        var verdict = new StressVerdict(scenarios, results.getTestResults(), plan.demandsInteresting());
        verdict.print(out);
        return verdict.passed();
    }

    private void run(Cores cores, InProcessCollector results) throws IOException {
        Options options = plan.options(
                Stream.concat(cores.options().stream(), given.stream()).toList());
        List<TestConfig> configurations = new ArrayList<>();
        for (TestInfo scenario : scenarios) {
            if (cores.fits(scenario.threads(), options)) {
                cores.places(scenario.threads(), options)
                        .forEach(place -> configurations.addAll(plan.configurations(scenario, options, place)));
            }
        }
        if (configurations.isEmpty()) {
            return;
        }
        Collections.shuffle(configurations);
        var printer = new ConsoleReportPrinter(
                options, new PrintWriter(out, true, StandardCharsets.UTF_8), configurations.size());
        var disk = new DiskWriteCollector(cores + "-" + options.getResultFile());
        var sink = new SerializedBufferCollector(MuxCollector.of(printer, disk, results));
        var executor = new TestExecutor(options.verbosity(), sink, cores.scheduler(options));
        printer.setExecutor(executor);
        executor.runAll(configurations);
        sink.close();
        disk.close();
        printer.printFinishLine();
    }
}
