package io.memfuse.cli;

import io.memfuse.cli.compare.Comparison;
import io.memfuse.cli.compare.ComparisonReport;
import io.memfuse.cli.stress.StressReport;
import io.memfuse.cli.stress.StressResult;
import io.memfuse.cli.stress.StressTest;
import io.memfuse.config.ConfigException;
import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuse;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.PrecacheConfig;
import io.memfuse.config.Problem;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.services.memory.MemoryService;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    private static final int MAX_ROUNDS = 1_000;
    private static final int MAX_CONCURRENCY = 100_000;

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many requests; ${DEFAULT-VALUE} unless given.")
    private int requests;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many at once; ${DEFAULT-VALUE} unless given.")
    private int concurrency;

    @Option(
            names = "--compare",
            description =
                    "Measure MemFuse beside its first implementation, a map of pools behind one lock, in turns, on"
                            + " the first database that is used through JDBC, and say which of MemFuse's claims hold.")
    private boolean compare;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "With --compare: how many rounds count; ${DEFAULT-VALUE} unless given.")
    private int rounds;

    @Option(
            names = "--write",
            paramLabel = "DIRECTORY",
            description = "With --compare: write results.md and its chart there.")
    private @Nullable Path directory;

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
        requireRange("--rounds", rounds, MAX_ROUNDS);
        if (compare && json) {
            throw new ParameterException(spec.commandLine(), "--compare prints tables; leave out --json");
        }
        PrintStream progress = json ? new PrintStream(OutputStream.nullOutputStream()) : err;
        try (Setup setup = Setup.of(config.file(), progress, err)) {
            if (compare) {
                return compare(setup.config());
            }
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

    private int compare(MemFuseConfig configuration) throws Exception {
        String user = firstUser(configuration);
        PoolSpec database = configuration.allDatabases().stream()
                .map(DatabaseConfig::spec)
                .filter(each -> each.provider().equals("hikari"))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--compare needs a database that is used through JDBC (provider: hikari)"));
        try (MemFuse memfuse = MemFuse.builder().config(configuration).start()) {
            var comparison = new Comparison(
                    database,
                    () -> Objects.requireNonNull(memfuse.services().get(user, MemoryService.class)),
                    requests,
                    rounds,
                    err::println);
            var report = new ComparisonReport(comparison.run());
            err.println();
            report.print(out);
            if (directory != null) {
                report.write(directory, "./memfuse stress --compare --requests " + requests + " --rounds " + rounds);
                err.println("written to " + directory.resolve("results.md"));
            }
            return ExitStatus.OK;
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
