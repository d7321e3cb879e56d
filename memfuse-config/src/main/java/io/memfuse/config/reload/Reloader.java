package io.memfuse.config.reload;

import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.ReloadReport;
import io.memfuse.config.platform.Databases;
import io.memfuse.config.platform.Engine;
import io.memfuse.config.platform.Factories;
import io.memfuse.config.platform.Providers;
import io.memfuse.config.platform.ReadingCheck;
import io.memfuse.config.read.Reading;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a platform from configuration to configuration, one after the other. Thread-safe. */
public final class Reloader {

    private static final Logger LOG = LoggerFactory.getLogger("io.memfuse.config.MemFuse");

    private static final long NONE = Long.MIN_VALUE;

    private final Databases databases;
    private final Providers providers;
    private final Factories factories;
    private final Engine engine;

    /** When the reload that is under way began; NONE if there is none. Whoever sets it may reload. */
    private final AtomicLong sinceNanos = new AtomicLong(NONE);

    /** Written by the reload that is under way. */
    private volatile MemFuseConfig current;

    public Reloader(MemFuseConfig first, Databases databases, Providers providers, Factories factories, Engine engine) {
        this.current = first;
        this.databases = databases;
        this.providers = providers;
        this.factories = factories;
        this.engine = engine;
    }

    /** See {@code MemFuse.reload}. */
    public ReloadReport reload(Supplier<Reading> source) {
        begin();
        var report = new CompletableFuture<ReloadReport>();
        try {
            MemFuseConfig next = valid(source.get());
            // On a thread of its own, so that the interrupt of the caller leaves nothing half done.
            var thread = new Thread(() -> run(next, report), "memfuse-reload");
            thread.setDaemon(true);
            thread.start();
        } catch (Throwable e) {
            sinceNanos.set(NONE);
            throw e;
        }
        return await(report);
    }

    private void begin() {
        long nowNanos = engine.ticker().nanoTime();
        long before = sinceNanos.compareAndExchange(NONE, nowNanos);
        if (before != NONE) {
            throw new IllegalStateException("[MemFuse/ReloadUnderWay] another reload began "
                    + Durations.format(Duration.ofNanos(nowNanos - before))
                    + " ago and has not ended; nothing was changed, try again when it has");
        }
    }

    private MemFuseConfig valid(Reading reading) {
        ReadingCheck.check(reading, providers, () -> factories);
        return reading.valid();
    }

    private void run(MemFuseConfig next, CompletableFuture<ReloadReport> report) {
        ReloadReport done;
        try {
            done = new Reload(databases, providers, engine, current, next).run();
            current = next;
            done.lines().forEach(line -> LOG.info("reload: {}", line));
        } catch (Throwable e) {
            sinceNanos.set(NONE);
            report.completeExceptionally(e);
            return;
        }
        sinceNanos.set(NONE);
        report.complete(done);
    }

    private static ReloadReport await(CompletableFuture<ReloadReport> report) {
        try {
            // INVARIANT: a reload waits for nothing without a deadline, and completes this whatever happens.
            return report.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException) new CancellationException(
                            "[MemFuse/ReloadInterrupted] interrupted while it waited; the reload goes on, and the log tells"
                                    + " how it ends")
                    .initCause(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("[MemFuse/ReloadFailed] " + e.getCause(), e);
        }
    }
}
