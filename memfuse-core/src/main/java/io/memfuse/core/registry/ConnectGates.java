package io.memfuse.core.registry;

import io.memfuse.core.pool.ConnectGate;
import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.PoolKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/** One gate for each server, shared by all pools of it. Thread-safe. */
final class ConnectGates {

    /** As many logins as keep a server with several cores busy, over a network with some delay; few enough for a small one. */
    private static final int LOGINS_AT_ONCE = 16;

    /** A login takes milliseconds; at a server in distress it may take a multiple. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(1);

    private final ScheduledExecutorService scheduler;
    private final Map<Endpoint, ConnectGate> gates = new ConcurrentHashMap<>();

    ConnectGates(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    /** Returns the gate of the server that the pool is on; of several, of the one that it prefers. */
    ConnectGate of(PoolKey<?> key) {
        return gates.computeIfAbsent(
                key.endpoints().first(), server -> new ConnectGate(LOGINS_AT_ONCE, LONGEST_TURN, scheduler));
    }
}
