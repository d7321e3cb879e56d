package io.memfuse.cli.reload;

import io.memfuse.config.ConfigException;
import io.memfuse.config.MemFuse;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads the configuration of a platform that serves, when SIGHUP or a change of its file asks for it, one after the other,
 * and says what came of it. A bad file changes nothing. Thread-safe.
 */
public final class Reloads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    /** Between two looks at the file; a change is taken after one more. */
    private static final Duration PERIOD = Duration.ofMillis(300);

    private final MemFuse memfuse;
    private final Path file;
    private final PrintStream out;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var daemon = new Thread(work, "memfuse-cli-reload");
        daemon.setDaemon(true);
        return daemon;
    });

    /** Set while one is asked for and has not begun: it will read what is in the file by then. */
    private final AtomicBoolean asked = new AtomicBoolean();

    /** @param out is told of each reload, in lines */
    public Reloads(MemFuse memfuse, Path file, PrintStream out) {
        this.memfuse = memfuse;
        this.file = file;
        this.out = out;
    }

    /** Reloads whenever the process is sent SIGHUP, if the system knows it. */
    public void onHangUp() {
        if (!HangUp.handle(() -> request("SIGHUP"))) {
            LOG.debug("SIGHUP does not reload here");
        }
    }

    /**
     * Reloads whenever the file has another content.
     *
     * @throws IOException if the file cannot be read
     */
    public void watch() throws IOException {
        var watch = new FileWatch(file);
        long periodMillis = PERIOD.toMillis();
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    if (watch.changed()) {
                        reload("the file has changed");
                    }
                },
                periodMillis,
                periodMillis,
                TimeUnit.MILLISECONDS);
    }

    private void request(String why) {
        if (asked.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    asked.set(false);
                    reload(why);
                });
            } catch (RejectedExecutionException ended) {
                LOG.debug("not reloaded: the program ends");
            }
        }
    }

    private void reload(String why) {
        say("reloading " + file.getFileName() + ": " + why);
        try {
            memfuse.reload(file).lines().forEach(this::say);
        } catch (ConfigException wrong) {
            wrong.problems().forEach(problem -> say(problem.toString()));
            say("not reloaded; serving on with the configuration as it was");
        } catch (CancellationException ends) {
            LOG.debug("the program ends while it reloads");
        } catch (RuntimeException failure) {
            LOG.debug("reload failed", failure);
            say("not reloaded: " + failure.getMessage());
        }
    }

    private void say(String line) {
        out.println(line);
    }

    /** Reloads no more; one that is under way is given up. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
