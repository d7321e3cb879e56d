package io.memfuse.bench.rounds;

import io.memfuse.bench.report.Score;
import io.memfuse.cli.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs scenarios, each in JVMs of its own, against one embedded server. Used by one thread. */
public final class RoundsRunner implements AutoCloseable {

    private static final int PREFERRED_PORT = 25_432;

    /** A JVM that takes longer is stuck, and is ended. */
    private static final int LONGEST_MINUTES = 4;

    private final int forks;
    private final int factor;
    private final Path logs;
    private final EmbeddedPostgres server;

    /**
     * Starts the server.
     *
     * @param forks JVMs for each scenario
     * @param factor by how much a scenario's own number of rounds is multiplied
     * @param logs where the JVMs' logs go
     */
    public RoundsRunner(int forks, int factor, Path logs) throws InterruptedException {
        this.forks = forks;
        this.factor = factor;
        this.logs = logs;
        this.server = EmbeddedPostgres.start(PREFERRED_PORT, Scenarios.databases());
    }

    /**
     * Returns the scores by {@code scenario/candidate/metric}.
     *
     * @throws IllegalStateException if a JVM failed; its log says why
     */
    public Map<String, Score> run(String scenario) throws InterruptedException {
        Map<String, List<Double>> samples = new TreeMap<>();
        for (int fork = 0; fork < forks; fork++) {
            fork(scenario, samples);
        }
        Map<String, Score> scores = new TreeMap<>();
        samples.forEach((id, values) -> scores.put(id, Score.ofSamples(values)));
        return scores;
    }

    private void fork(String scenario, Map<String, List<Double>> samples) throws InterruptedException {
        Path log = logs.resolve(scenario + ".log");
        try {
            Process jvm = new ProcessBuilder(command(scenario))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            CompletableFuture.delayedExecutor(LONGEST_MINUTES, TimeUnit.MINUTES).execute(jvm::destroyForcibly);
            try (BufferedReader lines = jvm.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(RoundsMain.MARK)) {
                        add(scenario, line.substring(RoundsMain.MARK.length()), samples);
                    }
                }
                if (jvm.waitFor() != 0) {
                    throw new IllegalStateException(scenario + " failed; see " + log.getFileName());
                }
            } finally {
                jvm.destroy();
            }
        } catch (IOException e) {
            throw new IllegalStateException(scenario + " could not be run", e);
        }
    }

    private static void add(String scenario, String line, Map<String, List<Double>> samples) {
        String[] cells = line.split("\t", -1);
        samples.computeIfAbsent(scenario + "/" + cells[0] + "/" + cells[1], id -> new ArrayList<>())
                .add(Double.valueOf(cells[2]));
    }

    private List<String> command(String scenario) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RoundsMain.class.getName()));
        command.addAll(List.of(scenario, Integer.toString(factor), Integer.toString(server.port())));
        return command;
    }

    /** Stops the server. */
    @Override
    public void close() {
        server.close();
    }
}
