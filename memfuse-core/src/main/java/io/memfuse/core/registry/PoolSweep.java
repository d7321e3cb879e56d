package io.memfuse.core.registry;

import java.util.Collection;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has {@link IdlePools} look at all pools from time to time, and after an opening if their number is bounded. One timer for
 * all pools, none if nothing is bounded; the scheduler only hands over. Thread-safe.
 *
 * <p>INVARIANT: {@code requests} counts what was asked for and is not done; whoever brings it up from 0 has it done, and goes
 * on until it is 0 again. So it is done once at a time, and after the last request.
 */
final class PoolSweep {

    private static final Logger LOG = LoggerFactory.getLogger(PoolSweep.class);

    private final RegistryEngine engine;
    private final IdleLimits limits;
    private final IdlePools idle;
    private final Supplier<? extends Collection<PoolSlot<?>>> slots;
    private final AtomicInteger requests = new AtomicInteger();

    private final AtomicBoolean started = new AtomicBoolean();
    private volatile @Nullable ScheduledFuture<?> timer;
    private volatile boolean stopped;

    PoolSweep(
            RegistryEngine engine,
            IdleLimits limits,
            PoolNumbers numbers,
            Supplier<? extends Collection<PoolSlot<?>>> slots) {
        this.engine = engine;
        this.limits = limits;
        this.idle = new IdlePools(limits, engine.ticker(), numbers);
        this.slots = slots;
    }

    /** Starts the timer; a registry of which nothing was ever opened has no thread. */
    private void start() {
        long periodNanos = TimeUnit.NANOSECONDS.convert(limits.period());
        try {
            timer = engine.threads()
                    .scheduler()
                    .scheduleAtFixedRate(this::request, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
            if (stopped) {
                stop(); // It did not find this timer.
            }
        } catch (RejectedExecutionException e) {
            timer = null; // The engine has ended: nothing is opened any more.
        }
    }

    /** Takes note that a pool was opened: from the first one on there may be something to watch. */
    void opened() {
        if (limits.areSet() && started.compareAndSet(false, true)) {
            start();
        }
        if (limits.boundsNumber()) {
            request();
        }
    }

    private void request() {
        if (requests.getAndIncrement() == 0) {
            handOver();
        }
    }

    private void handOver() {
        try {
            engine.runOnCloser(this::sweep);
        } catch (Throwable e) { // It would end the timer, and fail an opening.
            requests.set(0); // Else the next request would wait for this one for ever.
            tellFailure(e);
        }
    }

    private void sweep() {
        int done;
        do {
            done = requests.get();
            sweepOnce();
        } while (requests.addAndGet(-done) != 0);
    }

    private void sweepOnce() {
        try {
            idle.sweep(slots.get());
        } catch (Throwable e) {
            tellFailure(e); // The next sweep may not fail.
        }
    }

    private static void tellFailure(Throwable failure) {
        try {
            LOG.error("registry: looking for idle pools failed: {}", Failures.describe(failure));
        } catch (Throwable e) {
            // No memory, not even for this.
        }
    }

    /** Ends the timer. */
    void stop() {
        stopped = true;
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }
}
