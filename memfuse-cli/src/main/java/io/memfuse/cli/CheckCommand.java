package io.memfuse.cli;

import io.memfuse.config.ConnectionPoolConfig;
import io.memfuse.config.MemFuse;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code check}: reads a configuration and starts nothing. */
@Command(
        name = "check",
        description = "Reads and validates a configuration, and prints every problem with file, line and column.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            converter = FileName.class,
            description = "The configuration.")
    private Path file = Path.of("");

    CheckCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        ConnectionPoolConfig pools = MemFuse.builder().config(file).check().connectionPool();
        NothingToDo.warn(file, pools, err);
        long services = pools.precacheConfigs().stream()
                .mapToLong(user -> user.services().size())
                .sum();
        out.println(file + ": valid; databases to warm: "
                + pools.warmupConfigs().size() + "; services to pre-cache: " + services);
        return ExitStatus.OK;
    }
}
