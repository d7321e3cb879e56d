package io.memfuse.cli.console;

import io.memfuse.core.health.Health;
import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.service.ServiceCacheStats;
import io.memfuse.core.time.Times;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * The platform at one moment, and what it did in the last seconds.
 *
 * @param atMillis when, in milliseconds since 1970
 * @param ready whether requests are to be sent here
 * @param health how well all pools serve
 * @param pools each pool
 * @param lock the registry's lock since it was made
 * @param lockPerSecond its acquisitions of both kinds
 * @param contendedPerSecond those that had to wait
 * @param lockWaits how long those waited
 * @param services the service cache since it was made
 * @param requestsPerSecond requests for a service
 * @param hitRate the share of those that found it, 0 to 1; NaN if there were none
 */
record Sample(
        long atMillis,
        boolean ready,
        Health health,
        List<PoolRow> pools,
        LockMetrics lock,
        double lockPerSecond,
        double contendedPerSecond,
        Times lockWaits,
        ServiceCacheStats services,
        double requestsPerSecond,
        double hitRate) {

    /** Writes the properties that tell of all pools. */
    void writeHealth(JsonGenerator json) {
        json.writeBooleanProperty("ready", ready);
        json.writeStringProperty("health", health.status().name());
        json.writeStringProperty("health_reason", health.reason());
    }

    /** Writes the properties of the lock. */
    void writeLock(JsonGenerator json) {
        json.writeNumberProperty("reads", lock.reads());
        json.writeNumberProperty("writes", lock.writes());
        json.writeNumberProperty("contended", lock.contended());
        json.writeNumberProperty("timeouts", lock.timeouts());
        json.writeNumberProperty("cancellations", lock.cancellations());
        json.writeNumberProperty("readers_now", lock.readersNow());
        json.writeBooleanProperty("writing_now", lock.writingNow());
        json.writeNumberProperty("waiting_now", lock.waitingNow());
        json.writeNumberProperty("acquired_per_second", Numbers.tenths(lockPerSecond));
        json.writeNumberProperty("contended_per_second", Numbers.tenths(contendedPerSecond));
        Numbers.writeMillis(json, "wait_p50_millis", lockWaits, Times::p50);
        Numbers.writeMillis(json, "wait_p99_millis", lockWaits, Times::p99);
        json.writeNumberProperty("wait_max_millis", Numbers.millis(lock.waits().max()));
        json.writeNumberProperty(
                "write_hold_p99_millis", Numbers.millis(lock.writeHolds().p99()));
    }

    /** Writes the properties of the service cache. */
    void writeServices(JsonGenerator json) {
        json.writeNumberProperty("users", services.users());
        json.writeNumberProperty("services", services.services());
        json.writeNumberProperty("hits", services.hits());
        json.writeNumberProperty("misses", services.misses());
        json.writeNumberProperty("loads", services.loads());
        json.writeNumberProperty("failures", services.failures());
        json.writeNumberProperty("evictions", services.evictions());
        json.writeNumberProperty("load_millis", Numbers.millis(services.loadTime()));
        if (services.hits() + services.misses() == 0) {
            json.writeNullProperty("hit_rate");
        } else {
            json.writeNumberProperty("hit_rate", Numbers.thousandths(services.hitRate()));
        }
        if (Double.isNaN(hitRate)) {
            json.writeNullProperty("recent_hit_rate");
        } else {
            json.writeNumberProperty("recent_hit_rate", Numbers.thousandths(hitRate));
        }
        json.writeNumberProperty("requests_per_second", Numbers.tenths(requestsPerSecond));
    }
}
