package io.memfuse.cli.console;

import io.memfuse.config.MemFuse;
import io.memfuse.micrometer.MemFuseMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;

/** All meters of a platform, in the text that Prometheus reads. Thread-safe. */
public final class PrometheusText implements Supplier<String>, AutoCloseable {

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MemFuseMetrics metrics;

    public PrometheusText(MemFuse memfuse) {
        metrics = MemFuseMetrics.builder(memfuse.registry(), memfuse.monitor())
                .health(memfuse::health)
                .services(memfuse.services())
                .build();
        metrics.bindTo(meters);
    }

    @Override
    public String get() {
        return meters.scrape();
    }

    @Override
    public void close() {
        metrics.close();
        meters.close();
    }
}
