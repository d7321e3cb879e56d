package io.memfuse.micrometer;

import io.memfuse.core.monitor.PoolActivity;
import java.util.function.ToLongFunction;

/** What is counted of a pool and never becomes less; times are in nanoseconds. */
enum Count {
    OPENED(PoolActivity::opened),
    OPEN_FAILED(PoolActivity::openFailed),
    CONNECTED(PoolActivity::connected),
    CONNECT_FAILED(PoolActivity::connectFailed),
    CONNECT_TIME(activity -> activity.connects().total().toNanos()),
    ACQUIRED(PoolActivity::acquired),
    TIMED_OUT(PoolActivity::timedOut),
    REFUSED(PoolActivity::refused),
    LEAKED(PoolActivity::leaked),
    EVICTED(PoolActivity::evicted),
    CLOSED(PoolActivity::closed),
    /** Of the waits that were timed, how many. */
    TIMED_WAITS(activity -> activity.waits().count()),
    TIMED_WAIT_TIME(activity -> activity.waits().total().toNanos()),
    /** Of all waits: an estimate, which {@link PoolTally} makes. */
    WAIT_TIME(activity -> 0),
    /** Of the uses that were timed, how many. */
    TIMED_USES(activity -> activity.uses().count()),
    TIMED_USE_TIME(activity -> activity.uses().total().toNanos()),
    /** Of all uses: an estimate, which {@link PoolTally} makes. */
    USE_TIME(activity -> 0);

    @SuppressWarnings("ImmutableEnumChecker") // a function that has no state
    private final ToLongFunction<PoolActivity> source;

    Count(ToLongFunction<PoolActivity> source) {
        this.source = source;
    }

    long of(PoolActivity activity) {
        return source.applyAsLong(activity);
    }
}
