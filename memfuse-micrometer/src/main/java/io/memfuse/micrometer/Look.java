package io.memfuse.micrometer;

import io.memfuse.core.health.Health;
import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceCacheStats;
import io.memfuse.core.time.Times;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all meters show until the next look.
 *
 * @param pools the pools that have meters of their own
 * @param others the other pools together
 * @param all what happened to all pools, those that are gone among them
 * @param recent the times of all pools of the last minute or two
 * @param states how many pools are in which state; those that drain beside their successor count too
 * @param lock the registry's lock
 * @param lockWaits how long it was waited for in the last minute or two
 * @param lockHolds how long it was held to write in the last minute or two
 * @param health null if nobody looks after it
 * @param services null if there are none
 */
record Look(
        Map<PoolKey<?>, PoolFigures> pools,
        PoolFigures others,
        Counts all,
        PoolFigures.Recent recent,
        Map<PoolState, Integer> states,
        LockMetrics lock,
        Times lockWaits,
        Times lockHolds,
        @Nullable Health health,
        @Nullable ServiceCacheStats services) {}
