package io.memfuse.cli;

import io.memfuse.config.ConnectionPoolConfig;
import io.memfuse.config.EffectiveValue;
import io.memfuse.config.MemFuse;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.service.ServiceKey;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code check}: reads a configuration and starts nothing. */
@Command(
        name = "check",
        description = "Reads and validates a configuration, and prints every problem with file, line and column.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            converter = FileName.class,
            description = "The configuration.")
    private Path file = Path.of("");

    @Option(names = "--effective", description = "Print every value that holds, and where it comes from.")
    private boolean effective;

    @Option(names = "--json", description = "With --effective: print one JSON object.")
    private boolean json;

    CheckCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        if (json && !effective) {
            throw new ParameterException(spec.commandLine(), "--json goes with --effective");
        }
        if (effective) {
            List<EffectiveValue> values = MemFuse.builder().config(file).effective();
            if (json) {
                EffectiveReport.printJson(values, out);
            } else {
                EffectiveReport.printTable(values, out);
            }
            return ExitStatus.OK;
        }
        MemFuseConfig config = MemFuse.builder().config(file).check();
        NothingToDo.warn(file, config, err);
        ConnectionPoolConfig pools = config.connectionPool();
        long databases = pools.warmupConfigs().stream()
                .map(database -> PoolKey.of(database.spec(), Object.class))
                .distinct()
                .count();
        long services = pools.precacheConfigs().stream()
                .flatMap(user -> user.services().stream().map(service -> new ServiceKey(user.user(), service)))
                .distinct()
                .count();
        out.println(file + ": valid; databases to warm: " + databases + "; services to pre-cache: " + services);
        return ExitStatus.OK;
    }
}
