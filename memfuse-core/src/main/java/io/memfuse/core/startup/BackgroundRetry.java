package io.memfuse.core.startup;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries what failed again and again, at intervals that double up to a bound, until it succeeds or this is closed. */
final class BackgroundRetry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundRetry.class);

    private final ScheduledExecutorService scheduler;
    private final Duration first;
    private final Duration longest;
    private volatile boolean closed;

    BackgroundRetry(ScheduledExecutorService scheduler, Duration first, Duration longest) {
        this.scheduler = scheduler;
        this.first = first;
        this.longest = longest;
    }

    /** @param attempt begins an attempt without blocking; does not throw */
    void start(String what, Supplier<CompletionStage<?>> attempt) {
        schedule(what, attempt, first);
    }

    private void schedule(String what, Supplier<CompletionStage<?>> attempt, Duration pause) {
        if (closed) {
            return;
        }
        try {
            scheduler.schedule(() -> retry(what, attempt, pause), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: not tried again, the engine has ended", what);
        }
    }

    private void retry(String what, Supplier<CompletionStage<?>> attempt, Duration pause) {
        if (closed) {
            return;
        }
        attempt.get().whenComplete((value, failure) -> {
            if (failure == null) {
                LOG.info("{}: ready, after it had failed at first", what);
            } else {
                LOG.debug("{}: failed again, next attempt in {}", what, Durations.format(pause), failure);
                Duration doubled = pause.multipliedBy(2);
                schedule(what, attempt, doubled.compareTo(longest) < 0 ? doubled : longest);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
