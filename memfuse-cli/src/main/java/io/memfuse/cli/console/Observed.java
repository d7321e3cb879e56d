package io.memfuse.cli.console;

import io.memfuse.core.health.Health;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.startup.StartupReport;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the console shows.
 *
 * @param registry the pools
 * @param databases what the pools are called: names, and the key of the pool that each stands for
 * @param monitor what they went through
 * @param health how well they can serve, as far as it is known; costs nothing
 * @param services the services of the users
 * @param report what came of the start
 * @param ready whether requests are to be sent here
 * @param metrics the metrics in Prometheus' text, or null if nobody makes them
 */
public record Observed(
        PoolRegistry registry,
        Supplier<Map<String, PoolKey<?>>> databases,
        PoolMonitor monitor,
        Supplier<Health> health,
        ServiceCache services,
        StartupReport report,
        BooleanSupplier ready,
        @Nullable Supplier<String> metrics) {}
