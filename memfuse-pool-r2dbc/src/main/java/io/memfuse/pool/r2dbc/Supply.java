package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many connections a pool has made, and when. Touched by the pool's steps only.
 *
 * <p>Up to the minimum they are made side by side at once. Beyond it the first is made alone, and only if it succeeds and
 * borrowers still wait, those that they wait for: so a crowd that is served by what comes back costs one login, and a
 * database that does not answer sees one attempt at a time, with pauses that double.
 */
final class Supply {

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PoolCore pool;
    private final PoolMembers members;
    private final Connector connector;

    /** The oldest first. */
    private final List<Connector.Login> underWay = new ArrayList<>();

    private final List<CompletableFuture<?>> warming = new ArrayList<>();
    private @Nullable CompletableFuture<?> opening;
    private boolean stopped;
    private int failures;
    private long retryAtNanos;
    private @Nullable PoolOpenException lastFailure;
    private long failedAtNanos;

    Supply(PoolCore pool, PoolMembers members, Connector connector) {
        this.pool = pool;
        this.members = members;
        this.connector = connector;
    }

    @Nullable PoolOpenException lastFailure() {
        return lastFailure;
    }

    /** Returns why a borrower who waits since then was given no new connection: null if no login failed lately. */
    @Nullable PoolOpenException failureFor(long sinceNanos) {
        return lastFailure != null && failedAtNanos - (sinceNanos - LONGEST_PAUSE_NANOS) >= 0 ? lastFailure : null;
    }

    /** Returns why a borrower who has waited for so long waits still for a login; null if none took half that time. */
    @Nullable PoolOpenException unfinishedFor(long waitedNanos) {
        Connector.Login oldest = underWay.isEmpty() ? null : underWay.get(0);
        return oldest != null && oldest.elapsed().toNanos() >= waitedNanos / 2 ? oldest.unfinished() : null;
    }

    /** Returns how many logins are under way. */
    int connecting() {
        return underWay.size();
    }

    /**
     * Tells whether the pool has no connection left, and the last attempt to make one failed: then borrowers are refused, and
     * attempts go on whether or not anybody asks.
     */
    boolean isOutage() {
        return lastFailure != null && !stopped && !members.isAnyConnected();
    }

    /** Returns why a borrower who began to wait so long ago is refused; null if there is no outage. */
    @Nullable PoolOpenException refusal(Duration waited, PoolStats stats, long nowNanos) {
        PoolOpenException failure = lastFailure;
        return failure == null
                ? null
                : failure.refused(
                        waited, stats, Duration.ofNanos(connecting() > 0 ? 0 : Math.max(0, retryAtNanos - nowNanos)));
    }

    /** Begins what is missing. */
    void adjust() {
        adjust(false);
    }

    private void adjust(boolean proven) {
        if (stopped) {
            return;
        }
        boolean outage = isOutage();
        if (outage) {
            pool.sendAway();
        }
        int missing = pool.waiting() + members.minSize() - members.ready() - connecting();
        missing = outage ? Math.max(1 - connecting(), missing) : missing;
        int count = Math.min(missing, members.room() - connecting());
        if (count <= 0) {
            return;
        }
        if (lastFailure != null) {
            count = mayTryAgain() ? 1 : 0;
        } else if (!proven) {
            int belowMinimum = members.minSize() - members.ready() - connecting();
            count = Math.min(count, Math.max(belowMinimum, connecting() == 0 ? 1 : 0));
        }
        begin(count);
    }

    private boolean mayTryAgain() {
        if (connecting() > 0) {
            return false;
        }
        boolean due = pool.nanoTime() - retryAtNanos >= 0;
        if (!due) {
            pool.wakeBy(retryAtNanos);
        }
        return due;
    }

    private void begin(int count) {
        for (int i = 0; i < count; i++) {
            int generation = members.generation();
            var entry = new AtomicReference<Connector.@Nullable Login>();
            Connector.Login login = connector.login(
                    session -> pool.tell(() -> made(entry.get(), session, generation)),
                    failure -> pool.tell(() -> failed(entry.get(), failure)));
            entry.set(login);
            // What may fail comes first: one that counts is begun.
            Step start = Step.following(login::start);
            underWay.add(login);
            pool.follow(start);
        }
    }

    private void made(Connector.@Nullable Login login, Session session, int generation) {
        underWay.remove(login);
        lastFailure = null;
        failures = 0;
        Member member = members.join(session, generation);
        if (member == null) {
            failed(PoolOpenException.attemptFailed(
                    pool.key(), FailureKind.OTHER, "the connection cannot be used", Duration.ZERO, null));
            return;
        }
        settleOpening(null);
        pool.serve(pool.nanoTime());
        adjust(true);
        settleWarming();
        members.wakeForOld(member);
    }

    private void failed(Connector.@Nullable Login login, PoolOpenException failure) {
        if (underWay.remove(login)) {
            failed(failure);
        }
    }

    private void failed(PoolOpenException failure) {
        lastFailure = failure;
        settleOpening(failure);
        long pauseNanos = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(failures, 10));
        failures++;
        failedAtNanos = pool.nanoTime();
        retryAtNanos = failedAtNanos + pauseNanos;
        if (connecting() == 0) {
            endWarming(future -> future.completeExceptionally(failure));
        }
        adjust();
    }

    /** Makes the first one; completes when it is there, or fails and makes no other. */
    void open(CompletableFuture<?> opened) {
        opening = opened;
        begin(1);
    }

    private void settleOpening(@Nullable PoolOpenException failure) {
        CompletableFuture<?> opened = opening;
        opening = null;
        if (opened != null) {
            stopped = failure != null;
            pool.follow(() -> {
                if (failure == null) {
                    opened.complete(null);
                } else {
                    opened.completeExceptionally(failure);
                }
            });
        }
    }

    /** Fills the pool to its minimum; completes when it is, or when a login failed and none is under way any more. */
    void warm(CompletableFuture<?> warm) {
        if (stopped) {
            warm.completeExceptionally(PoolClosedException.drained(pool.key()));
            return;
        }
        retryAtNanos = pool.nanoTime();
        warming.add(warm);
        adjust();
        settleWarming();
    }

    private void settleWarming() {
        if (members.live() >= members.minSize()) {
            endWarming(future -> future.complete(null));
        }
    }

    private void endWarming(Consumer<CompletableFuture<?>> end) {
        List<CompletableFuture<?>> ended = List.copyOf(warming);
        warming.clear();
        if (!ended.isEmpty()) {
            pool.follow(() -> ended.forEach(end));
        }
    }

    /** Makes none any more; gives up those that are under way. */
    void stop() {
        stopped = true;
        List<Connector.Login> givenUp = List.copyOf(underWay);
        pool.follow(() -> givenUp.forEach(Connector.Login::giveUp));
        endWarming(future -> future.completeExceptionally(PoolClosedException.drained(pool.key())));
    }
}
