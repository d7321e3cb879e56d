package io.memfuse.cli;

import io.memfuse.cli.console.Console;
import io.memfuse.cli.console.EventLog;
import io.memfuse.cli.console.Observed;
import io.memfuse.cli.console.PrometheusText;
import io.memfuse.cli.output.Terminal;
import io.memfuse.cli.reload.Reloads;
import io.memfuse.cli.startup.StartupProgress;
import io.memfuse.cli.startup.StartupReportJson;
import io.memfuse.cli.startup.StartupReportTable;
import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuse;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.startup.StartupReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: starts the platform, reports, and serves until it is told to end. */
@Command(
        name = "run",
        description =
                "Warms the pools and pre-caches the services of a configuration, reports, and serves until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    /** What is in use when the program is told to end may go on for so long. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

    private final PrintStream out;
    private final PrintStream err;
    private final Termination termination;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--once", description = "Start, report and leave.")
    private boolean once;

    @Option(names = "--json", description = "Print only the report, as one JSON object.")
    private boolean json;

    @Option(names = "--watch", description = "Reload when the file of --config changes. SIGHUP reloads in any case.")
    private boolean watch;

    @Mixin
    private ConsoleOptions console = new ConsoleOptions();

    @Spec
    private CommandSpec spec;

    RunCommand(PrintStream out, PrintStream err, Termination termination) {
        this.out = out;
        this.err = err;
        this.termination = termination;
    }

    @Override
    public Integer call() throws Exception {
        if (watch && (once || config.file().isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), once ? "--watch does not go with --once" : "--watch goes with --config");
        }
        PrintStream progress = json ? new PrintStream(OutputStream.nullOutputStream()) : err;
        var events = new EventLog(Clock.systemUTC());
        // First: an address that cannot be listened on ends the program before a server is started.
        try (Console page = once ? null : console.open(events);
                Setup setup = Setup.of(config.file(), progress, err);
                MemFuse memfuse = start(setup.config(), progress, events)) {
            progress.println();
            report(memfuse.report());
            // Who does not get the report need not be served: the program ends, and says why.
            if (!once && !out.checkError()) {
                try (var metrics = new PrometheusText(memfuse)) {
                    show(page, memfuse, metrics, progress);
                    serve(memfuse, progress);
                }
            }
            drain(memfuse, progress);
            return memfuse.report().allWell() ? ExitStatus.OK : ExitStatus.PARTIAL;
        }
    }

    private static void show(@Nullable Console page, MemFuse memfuse, PrometheusText metrics, PrintStream progress) {
        if (page != null) {
            page.show(new Observed(
                    memfuse.registry(),
                    memfuse::databases,
                    memfuse.monitor(),
                    memfuse::health,
                    memfuse.services(),
                    memfuse.report(),
                    memfuse::isReady,
                    metrics));
            progress.println("console: " + page.url());
        }
    }

    private void serve(MemFuse memfuse, PrintStream progress) throws IOException {
        Optional<Path> file = config.file();
        if (file.isEmpty()) {
            await(progress);
            return;
        }
        try (var reloads = new Reloads(memfuse, file.get(), err)) {
            reloads.onHangUp();
            if (watch) {
                reloads.watch();
            }
            await(progress);
        }
    }

    private void await(PrintStream progress) {
        progress.println("serving; Ctrl-C ends it");
        Logs.attentive();
        termination.await();
    }

    private MemFuse start(MemFuseConfig configuration, PrintStream progress, EventLog events) {
        Optional<Terminal> terminal = json ? Optional.empty() : Terminal.ofStandardError();
        try (StartupProgress shown = StartupProgress.on(progress, terminal, minimums(configuration))) {
            termination.announceBy(shown::stopping);
            return MemFuse.builder()
                    .config(configuration)
                    .startupListener(shown)
                    .poolListener(shown)
                    .poolListener(events)
                    .start();
        } finally {
            termination.announceBy(() -> {});
        }
    }

    private static Map<String, Integer> minimums(MemFuseConfig configuration) {
        return configuration.connectionPool().warmupConfigs().stream()
                .map(DatabaseConfig::spec)
                .collect(Collectors.toMap(
                        spec -> PoolKey.of(spec, DataSource.class).toString(),
                        spec -> spec.limits().minSize(),
                        (first, equal) -> first));
    }

    private void report(StartupReport report) {
        if (json) {
            StartupReportJson.print(report, out);
        } else {
            StartupReportTable.print(report, out);
        }
    }

    private static void drain(MemFuse memfuse, PrintStream progress) {
        progress.println("draining");
        List<DrainReport> drained = memfuse.shutdown(DRAIN_TIMEOUT);
        drained.forEach(report -> progress.println(describe(report)));
        progress.println("drained and closed " + drained.size() + (drained.size() == 1 ? " pool" : " pools"));
    }

    private static String describe(DrainReport report) {
        return "pool " + report.key() + ": " + report.summary();
    }
}
