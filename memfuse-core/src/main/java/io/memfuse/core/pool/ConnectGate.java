package io.memfuse.core.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the logins that are under way at one server, whichever pools they are for: so a fleet that is warmed, or a burst that
 * meets many pools, does not become a storm. An adapter takes a turn before it establishes a connection and ends it when the
 * login is over, well or not. First come, first served. Holds no thread and has no lock, because event loops pass through here;
 * they meet that of the scheduler, for as long as it takes to add a timer or to cancel one. Thread-safe.
 *
 * <p>A login that lasts much longer than logins do is not at work but waits, as those of a database do that hangs behind a
 * proxy: its turn ends by itself, so that it holds up the other databases of the server for that long and no longer.
 */
public final class ConnectGate {

    /** One login. Thread-safe. */
    public final class Turn implements AutoCloseable {

        /** Who waits for it. */
        private final CompletableFuture<Turn> begun = new CompletableFuture<>();

        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile @Nullable ScheduledFuture<?> limit;

        private Turn() {}

        private void limit() {
            try {
                limit = scheduler.schedule(this::close, longestTurn.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException shutDown) {
                // The engine has ended: nobody comes after this one.
            } catch (RuntimeException | Error e) {
                // Thrown on, it would cost another pool its turn and the server a place for ever.
                LOG.warn("a login has no limit to its turn, which ends with the login only", e);
            }
        }

        /** Ends the turn: the next may begin. Does nothing the second time. */
        @Override
        public void close() {
            if (end()) {
                admit();
            }
        }

        /** Gives the place back, once: false if it was already. */
        private boolean end() {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            ScheduledFuture<?> timer = limit;
            if (timer != null) {
                timer.cancel(false);
            }
            leave();
            return true;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConnectGate.class);

    private final Duration longestTurn;
    private final ScheduledExecutorService scheduler;

    // INVARIANT: whoever adds to one of the two then looks at both. So no turn waits while a place is free, though
    // somebody may take a place, find nobody for it, and put it back while another comes: one of the two sees what the
    // other did.
    private final Queue<Turn> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger free;

    /**
     * Makes a gate.
     *
     * @param width how many may have their turn at once; 1 or more
     * @param longestTurn after this long a turn ends by itself
     * @param scheduler ends such turns
     */
    public ConnectGate(int width, Duration longestTurn, ScheduledExecutorService scheduler) {
        if (width < 1) {
            throw new IllegalArgumentException("width is " + width + "; accepted: 1 or more");
        }
        this.free = new AtomicInteger(width);
        this.longestTurn = Objects.requireNonNull(longestTurn, "longestTurn");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    /**
     * Asks for a turn. What depends on the future runs on the thread that ended its own turn, or on the scheduler: it must
     * not block, and goes on on an executor. Who gives up waiting cancels the future; if that fails the turn is his, to be
     * closed.
     */
    public CompletableFuture<Turn> enter() {
        var turn = new Turn();
        waiting.add(turn);
        admit();
        return turn.begun;
    }

    private void admit() {
        while (!waiting.isEmpty() && takePlace()) {
            Turn next = poll();
            if (next == null) {
                leave();
            } else {
                next.limit();
                if (!next.begun.complete(next)) {
                    // Given up. Not closed like others, which would come back to here, one call deeper for each.
                    next.end(); // Unless its time was over already.
                }
            }
        }
    }

    private boolean takePlace() {
        int seen;
        do {
            seen = free.get();
            if (seen == 0) {
                return false;
            }
        } while (!free.compareAndSet(seen, seen - 1));
        return true;
    }

    private @Nullable Turn poll() {
        Turn next = waiting.poll();
        while (next != null && next.begun.isDone()) {
            next = waiting.poll();
        }
        return next;
    }

    private void leave() {
        free.incrementAndGet();
    }
}
