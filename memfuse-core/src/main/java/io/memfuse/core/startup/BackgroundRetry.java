package io.memfuse.core.startup;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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

    /**
     * @param attempt begins an attempt without blocking; does not throw
     * @param worthwhile tells whether another attempt can help after such a failure
     */
    void start(String what, Supplier<CompletionStage<?>> attempt, Predicate<Throwable> worthwhile) {
        schedule(new Retried(what, attempt, worthwhile), first);
    }

    private record Retried(String what, Supplier<CompletionStage<?>> attempt, Predicate<Throwable> worthwhile) {}

    private void schedule(Retried retried, Duration pause) {
        if (closed) {
            return;
        }
        try {
            scheduler.schedule(() -> retry(retried, pause), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: not tried again, the engine has ended", retried.what());
        }
    }

    private void retry(Retried retried, Duration pause) {
        if (closed) {
            return;
        }
        retried.attempt().get().whenComplete((value, failure) -> {
            if (failure == null) {
                LOG.info("{}: ready, after it had failed at first", retried.what());
            } else if (retried.worthwhile().test(failure)) {
                Duration doubled = pause.multipliedBy(2);
                Duration next = doubled.compareTo(longest) < 0 ? doubled : longest;
                LOG.debug("{}: failed again, next attempt in {}", retried.what(), Durations.format(next), failure);
                schedule(retried, next);
            } else {
                LOG.warn("{}: not tried again: {}", retried.what(), failure.toString());
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
