package io.memfuse.cli.console;

import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.time.Times;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * One pool as the console shows it.
 *
 * @param id its key's text; of one that drains beside the one that replaced it, with a number
 * @param names what the configuration calls it; none if nothing there stands for it any more
 * @param pool what it is now
 * @param min its smallest size, or that of the pool that would be opened
 * @param max its largest
 * @param status how well it serves
 * @param reason why
 * @param healthSinceMillis since when, in milliseconds since 1970
 * @param activity what the database's pools went through
 * @param acquiredPerSecond connections handed out, over the last seconds
 * @param waits how long borrowers waited in the last seconds
 */
record PoolRow(
        String id,
        List<String> names,
        PoolSnapshot pool,
        int min,
        int max,
        HealthStatus status,
        String reason,
        long healthSinceMillis,
        PoolActivity activity,
        double acquiredPerSecond,
        Times waits) {

    /** Writes the row as one object. */
    void write(JsonGenerator json) {
        PoolStats stats = pool.stats();
        json.writeStartObject();
        json.writeStringProperty("id", id);
        json.writeStringProperty("key", pool.key().toString());
        json.writeArrayPropertyStart("names");
        names.forEach(json::writeString);
        json.writeEndArray();
        json.writeStringProperty("provider", pool.key().provider());
        json.writeStringProperty("server", pool.key().server());
        json.writeStringProperty("database", pool.key().database());
        json.writeStringProperty("user", pool.key().user());
        json.writeStringProperty("state", pool.state().name());
        json.writeStringProperty("health", status.name());
        json.writeStringProperty("health_reason", reason);
        json.writeNumberProperty("health_since", healthSinceMillis);
        json.writeNumberProperty("total", stats.total());
        json.writeNumberProperty("active", stats.active());
        json.writeNumberProperty("idle", stats.idle());
        json.writeNumberProperty("waiting", stats.waiting());
        json.writeNumberProperty("oldest_waiter_millis", Numbers.millis(stats.oldestWaiterAge()));
        json.writeNumberProperty("min", min);
        json.writeNumberProperty("max", max);
        json.writeNumberProperty("leases", pool.leases());
        json.writeNumberProperty("acquired", activity.acquired());
        json.writeNumberProperty("acquired_per_second", Numbers.tenths(acquiredPerSecond));
        Numbers.writeMillis(json, "wait_p50_millis", waits, Times::p50);
        Numbers.writeMillis(json, "wait_p99_millis", waits, Times::p99);
        json.writeNumberProperty("timed_out", activity.timedOut());
        json.writeNumberProperty("refused", activity.refused());
        json.writeNumberProperty("leaked", activity.leaked());
        json.writeNumberProperty("connected", activity.connected());
        json.writeNumberProperty("connect_failed", activity.connectFailed());
        json.writeNumberProperty("opened", activity.opened());
        json.writeNumberProperty("open_failed", activity.openFailed());
        json.writeNumberProperty("closed", activity.closed());
        PoolException failure = activity.lastFailure();
        if (failure == null) {
            json.writeNullProperty("last_failure");
        } else {
            json.writeStringProperty("last_failure", String.valueOf(failure.getMessage()));
        }
        json.writeEndObject();
    }
}
