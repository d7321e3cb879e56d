package io.memfuse.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The names by which others know the meters: those of docs/metrics.md, and what the dashboard asks Prometheus for. */
@Timeout(60)
class DocumentedMetersTest extends MetricsFixture {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z._]+)` \\| `([a-z_]+)` \\|");
    private static final Pattern NAME = Pattern.compile("\\b(?:db_client|memfuse)_[a-z_]+\\b");

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PoolKey<Resource> orders = register("orders");

    @BeforeEach
    void bind() {
        Pool pool = open(orders);
        pool.lend(3);
        pool.lendTimed(Duration.ofNanos(1_000));
        adapterOf(pool).released(orders, 2_000);
        adapterOf(pool).connected(orders, 3_000);
        metrics().build().bindTo(prometheus);
    }

    private static Set<String> documented(int column) throws IOException {
        return ROW.matcher(Files.readString(DOCS.resolve("metrics.md")))
                .results()
                .map(row -> row.group(column))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<String> lines() {
        return prometheus.scrape().lines();
    }

    /** Returns the names of what Prometheus would store. */
    private Set<String> samples() {
        return lines().filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMeterIsDocumentedAndNoOther() throws IOException {
        Set<String> there = prometheus.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(there).hasSizeGreaterThan(40).isEqualTo(documented(1));
    }

    @Test
    void everyNameOfPrometheusIsDocumentedAndNoOther() throws IOException {
        Set<String> there = lines().filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", 4)[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(there).isEqualTo(documented(2));
    }

    @Test
    void prometheusIsToldOfEachPoolByName() {
        assertThat(prometheus.scrape())
                .contains("db_client_connection_count{db_client_connection_pool_name=\"" + orders
                        + "\",db_client_connection_state=\"idle\"} 1.0")
                .contains("db_client_connection_wait_time_seconds_count{db_client_connection_pool_name=\"" + orders
                        + "\"} 4")
                .contains("memfuse_pool_wait_time_quantile_seconds{db_client_connection_pool_name=\"" + orders
                        + "\",quantile=\"0.5\"} ")
                .contains("db_client_connection_max{db_client_connection_pool_name=\"other\"} 0.0");
    }

    @Test
    void aPoolThatIsOpenedAfterwardsIsInTheNextScrapeButOne() {
        PoolKey<Resource> late = register("late");
        open(late);
        time.advance(SECOND);
        prometheus.scrape();
        assertThat(prometheus.scrape()).contains(late.toString());

        pools.evict(late).toCompletableFuture().join();
        time.advance(SECOND);
        prometheus.scrape();
        assertThat(prometheus.scrape()).doesNotContain(late.toString()).contains(orders.toString());
    }

    @Test
    void theDashboardAsksForNothingThatIsNotThere() throws IOException {
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(DOCS.resolve("grafana-dashboard.json")));
        Set<String> asked = new TreeSet<>();
        dashboard.findValuesAsString("expr").forEach(expression -> addNames(expression, asked));
        dashboard.findValuesAsString("definition").forEach(query -> addNames(query, asked));

        assertThat(asked).hasSizeGreaterThan(25);
        assertThat(samples()).containsAll(asked);
    }

    /** Adds the names of metrics, which in these queries are what stands before braces or a comma; labels stand in them. */
    private static void addNames(String query, Set<String> names) {
        String metricsOnly = query.replaceAll("\\{[^}]*}", "").replaceAll("by \\([^)]*\\)", "");
        NAME.matcher(metricsOnly)
                .results()
                .map(found -> found.group())
                .filter(name -> !name.equals("db_client_connection_pool_name"))
                .forEach(names::add);
    }
}
