package io.memfuse.micrometer;

import io.memfuse.core.time.Times;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Meters of one thing, which read what the supplier returns, and go together. Not thread-safe.
 *
 * @param <T> what they read
 */
final class MeterSet<T> {

    private static final double[] QUANTILES = {0.5, 0.99, 1};

    private final MeterRegistry registry;
    private final Tags tags;

    /** Kept here, for Micrometer holds what its function meters read weakly. */
    private final Supplier<T> source;

    private final List<Meter> meters = new ArrayList<>();

    MeterSet(MeterRegistry registry, Tags tags, Supplier<T> source) {
        this.registry = registry;
        this.tags = tags;
        this.source = source;
    }

    MeterSet<T> gauge(String name, String what, ToDoubleFunction<T> number, String... more) {
        meters.add(Gauge.builder(name, source, read -> number.applyAsDouble(read.get()))
                .description(what)
                .tags(tags.and(more))
                .strongReference(true)
                .register(registry));
        return this;
    }

    MeterSet<T> counter(String name, String what, ToLongFunction<T> number, String... more) {
        meters.add(FunctionCounter.builder(name, source, read -> number.applyAsLong(read.get()))
                .description(what)
                .tags(tags.and(more))
                .register(registry));
        return this;
    }

    MeterSet<T> timer(String name, String what, ToLongFunction<T> count, ToLongFunction<T> totalNanos) {
        meters.add(FunctionTimer.builder(
                        name,
                        source,
                        read -> count.applyAsLong(read.get()),
                        read -> totalNanos.applyAsLong(read.get()),
                        TimeUnit.NANOSECONDS)
                .description(what)
                .tags(tags)
                .register(registry));
        return this;
    }

    MeterSet<T> time(String name, String what, ToDoubleFunction<T> nanos, String... more) {
        meters.add(TimeGauge.builder(name, source, TimeUnit.NANOSECONDS, read -> nanos.applyAsDouble(read.get()))
                .description(what)
                .tags(tags.and(more))
                .strongReference(true)
                .register(registry));
        return this;
    }

    /** Median, 99th percentile and maximum, as {@code name.quantile}; not a number while there is no time. */
    MeterSet<T> quantiles(String name, String what, Function<T, Times> times) {
        for (double quantile : QUANTILES) {
            time(
                    name + ".quantile",
                    what,
                    figures -> quantile(times.apply(figures), quantile),
                    "quantile",
                    quantile == 1 ? "1" : String.valueOf(quantile));
        }
        return this;
    }

    private static double quantile(Times times, double quantile) {
        return times.count() == 0 ? Double.NaN : times.quantile(quantile).toNanos();
    }

    void remove() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
