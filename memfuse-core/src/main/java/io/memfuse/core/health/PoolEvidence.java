package io.memfuse.core.health;

import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known for and against one pool, and what follows: from what its requests met first, and from a probe only where
 * there were none. Not thread-safe.
 *
 * <p>What counts, the first that holds:
 *
 * <ol>
 *   <li>the pool could not be opened: DOWN;
 *   <li>no connection could be made, and none has been made or probed since: DOWN if nobody was served since then,
 *       DEGRADED if connections that it still has serve;
 *   <li>requests gave up waiting a while ago: DEGRADED;
 *   <li>else UP.
 * </ol>
 */
final class PoolEvidence {

    private final HealthSettings settings;
    private PoolActivity before = PoolActivity.NONE;

    /** When something was last heard of the database: a request served, a login, a probe. */
    private long heardNanos;

    /** When it was last tried to make a connection, with or without success. */
    private long triedNanos;

    /** When requests last gave up waiting, and how many then. */
    private long gaveUpNanos;

    private long gaveUp;

    /** Why no connection can be made, or null; whether somebody was served since. */
    private @Nullable PoolException failure;

    private boolean servedSince;
    private boolean probing;

    private HealthStatus status = HealthStatus.UP;
    private String reason = "not looked at yet";
    private long sinceNanos;

    PoolEvidence(HealthSettings settings, long nowNanos) {
        this.settings = settings;
        this.heardNanos = nowNanos;
        this.triedNanos = nowNanos;
        this.sinceNanos = nowNanos;
        this.gaveUpNanos = nowNanos - settings.memory().toNanos();
    }

    /** Takes in what happened since the last time, and judges. */
    void see(PoolSnapshot pool, PoolActivity now, long nowNanos) {
        take(now, nowNanos);
        switch (pool.state()) {
            case FAILED -> judge(HealthStatus.DOWN, pool.error().orElse("could not be opened"), nowNanos);
            case REGISTERED ->
                judge(HealthStatus.UP, "not opened yet, or closed since; opens with the next request", nowNanos);
            case OPENING -> {
                if (status != HealthStatus.DOWN) {
                    judge(HealthStatus.UP, "is being opened", nowNanos);
                }
            }
            default -> judgeOpen(pool.stats(), nowNanos);
        }
    }

    /** The pool is gone, and with it what was known against it; the next one is counted from zero. */
    void beginAnew() {
        before = PoolActivity.NONE;
        failure = null;
    }

    private void take(PoolActivity now, long nowNanos) {
        boolean served = now.acquired() > before.acquired();
        boolean connected = now.connected() > before.connected();
        boolean failed = now.connectFailed() > before.connectFailed() || now.openFailed() > before.openFailed();
        if (now.timedOut() > before.timedOut()) {
            gaveUp = nowNanos - gaveUpNanos <= settings.memory().toNanos() ? gaveUp : 0;
            gaveUp += now.timedOut() - before.timedOut();
            gaveUpNanos = nowNanos;
        }
        if (now.lastFailure() == null && connected) {
            failure = null;
        } else if (failed && now.lastFailure() != null) {
            servedSince = served; // Who was served while it failed, was served by what there was.
            failure = now.lastFailure();
        } else if (served) {
            servedSince = true;
        }
        if (connected || failed) {
            triedNanos = nowNanos;
        }
        if (served || connected || failed) {
            heardNanos = nowNanos;
        }
        before = now;
    }

    private void judgeOpen(PoolStats stats, long nowNanos) {
        PoolException known = failure;
        if (known != null && (!servedSince || stats.total() == 0)) {
            judge(HealthStatus.DOWN, text(known), nowNanos);
        } else if (known != null) {
            judge(
                    HealthStatus.DEGRADED,
                    "serves with the connections that it has (" + stats + "): " + text(known),
                    nowNanos);
        } else if (nowNanos - gaveUpNanos < settings.memory().toNanos()) {
            String text = gaveUp + " requests gave up waiting for a connection in the last "
                    + Durations.format(settings.memory()) + " (" + stats + ")";
            judge(HealthStatus.DEGRADED, text, nowNanos);
        } else {
            judge(HealthStatus.UP, stats.toString(), nowNanos);
        }
    }

    private static String text(PoolException failure) {
        String message = failure.getMessage();
        return message == null ? failure.code() : message;
    }

    private void judge(HealthStatus newStatus, String newReason, long nowNanos) {
        if (newStatus != status) {
            status = newStatus;
            sinceNanos = nowNanos;
        }
        reason = newReason;
    }

    /** Tells whether the database is to be probed now: it was silent for long enough, or known to fail and nobody tried since. */
    boolean isProbeDue(long nowNanos) {
        long lastNanos = failure == null ? heardNanos : triedNanos;
        return !probing
                && !settings.probeAfter().isZero()
                && nowNanos - lastNanos >= settings.probeAfter().toNanos();
    }

    void probing() {
        probing = true;
    }

    /** Takes in what a probe found. */
    void probed(@Nullable PoolException found, long nowNanos) {
        probing = false;
        heardNanos = nowNanos;
        triedNanos = nowNanos;
        servedSince = false;
        failure = found;
    }

    PoolHealth health(PoolKey<?> key, long nowNanos) {
        return new PoolHealth(key, status, reason, Duration.ofNanos(nowNanos - sinceNanos));
    }
}
