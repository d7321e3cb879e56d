package io.memfuse.cli;

import io.memfuse.cli.stress.StressReport;
import io.memfuse.cli.stress.StressResult;
import io.memfuse.cli.stress.StressTest;
import io.memfuse.config.ConfigException;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.PrecacheConfig;
import io.memfuse.config.Problem;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stress}: many requests at once, measured. */
@Command(
        name = "stress",
        description =
                "Makes many requests at once and measures them. Each appends a message to the memory of the first "
                        + "user of precache_configs and reads it back; the messages stay.",
        mixinStandardHelpOptions = true)
final class StressCommand implements Callable<Integer> {

    private static final int MAX_REQUESTS = 100_000_000;
    private static final int MAX_CONCURRENCY = 100_000;

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--requests", paramLabel = "N", defaultValue = "1000", description = "How many; ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many at once; ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(names = "--json", description = "Print only the result, as one JSON object.")
    private boolean json;

    StressCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws Exception {
        requireRange("--requests", requests, MAX_REQUESTS);
        requireRange("--concurrency", concurrency, MAX_CONCURRENCY);
        PrintStream progress = json ? new PrintStream(OutputStream.nullOutputStream()) : err;
        try (Setup setup = Setup.of(config.file(), progress, err)) {
            StressResult result = new StressTest(
                            setup.config(), firstUser(setup.config()), progress::println, err::println)
                    .run(requests, concurrency);
            progress.println();
            if (json) {
                StressReport.printJson(result, out);
            } else {
                StressReport.printTable(result, out);
            }
            return result.errors() == 0 ? ExitStatus.OK : ExitStatus.FAILURE;
        }
    }

    private void requireRange(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + "; accepted: 1 to " + max);
        }
    }

    private String firstUser(MemFuseConfig configuration) {
        return configuration.connectionPool().precacheConfigs().stream()
                .map(PrecacheConfig::user)
                .findFirst()
                .orElseThrow(() -> new ConfigException(List.of(new Problem(
                        String.valueOf(config.file().orElse(null)),
                        0,
                        0,
                        "connection_pool.precache_configs",
                        "names no user",
                        "add one, in whose name the requests are made"))));
    }
}
