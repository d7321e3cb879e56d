package io.memfuse.micrometer;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.service.ServiceCacheStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The meters in one registry. Not thread-safe. */
final class Binding {

    /** What the pools without meters of their own are called together. */
    static final String OTHERS = "other";

    private final MeterRegistry registry;
    private final Supplier<Look> looks;
    private final boolean withHealth;
    private final List<MeterSet<?>> fixed = new ArrayList<>();
    private final Map<PoolKey<?>, MeterSet<?>> pools = new HashMap<>();

    Binding(MeterRegistry registry, Supplier<Look> looks, boolean withHealth, boolean withServices) {
        this.registry = registry;
        this.looks = looks;
        this.withHealth = withHealth;
        var all = new MeterSet<>(registry, Tags.empty(), looks);
        Meters.ofRegistry(all);
        if (withHealth) {
            Meters.ofHealth(all);
        }
        fixed.add(all);
        var others = new MeterSet<>(
                registry, Tags.of(Meters.POOL_NAME, OTHERS), () -> looks.get().others());
        Meters.ofPool(others);
        fixed.add(others);
        if (withServices) {
            var services = new MeterSet<>(registry, Tags.empty(), () -> services(looks.get()));
            Meters.ofServices(services);
            fixed.add(services);
        }
    }

    private static ServiceCacheStats services(Look look) {
        ServiceCacheStats stats = look.services();
        if (stats == null) {
            throw new IllegalStateException("no services were looked at");
        }
        return stats;
    }

    /** Has meters for these pools from now on, and for no others. */
    void show(Set<PoolKey<?>> shown) {
        for (var entries = pools.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            if (!shown.contains(entry.getKey())) {
                entry.getValue().remove();
                entries.remove();
            }
        }
        shown.forEach(key -> pools.computeIfAbsent(key, this::add));
    }

    private MeterSet<?> add(PoolKey<?> key) {
        var figures = new LastFigures(key, looks);
        var meters = new MeterSet<>(registry, Tags.of(Meters.POOL_NAME, key.toString()), figures);
        Meters.ofPool(meters);
        Meters.ofOnePool(meters, withHealth);
        return meters;
    }

    /** The figures of a pool; the last that there were, for a reader that has meters in hand that were just removed. */
    private static final class LastFigures implements Supplier<PoolFigures> {

        private final PoolKey<?> key;
        private final Supplier<Look> looks;
        private volatile PoolFigures last = PoolFigures.NONE;

        LastFigures(PoolKey<?> key, Supplier<Look> looks) {
            this.key = key;
            this.looks = looks;
        }

        @Override
        public PoolFigures get() {
            PoolFigures now = looks.get().pools().get(key);
            if (now == null) {
                return last;
            }
            last = now;
            return now;
        }
    }

    void remove() {
        pools.values().forEach(MeterSet::remove);
        pools.clear();
        fixed.forEach(MeterSet::remove);
        fixed.clear();
    }
}
