package io.memfuse.it.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.cli.console.Console;
import io.memfuse.cli.console.ConsoleSettings;
import io.memfuse.cli.console.EventLog;
import io.memfuse.cli.console.Observed;
import io.memfuse.core.health.Health;
import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page over a thousand pools, each of which changes each second. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyPoolsIT {

    private static final int POOLS = 1_000;

    /** How long the page may keep a person waiting. */
    private static final double MOST_MILLIS = 50;

    private final PoolMonitor monitor = new PoolMonitor();
    private final EventLog events = new EventLog(Clock.systemUTC());
    private final FakePoolProvider provider = new FakePoolProvider();
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .listener(monitor)
            .listener(events)
            .build();
    private final ServiceCache services = ServiceCache.builder().build();
    private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
    private Console console;
    private Browser browser;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        assumeThat(Browser.isThere())
                .as("needs chromium and chromedriver on the PATH")
                .isTrue();
        for (int i = 0; i < POOLS; i++) {
            PoolKey<Resource> key = registry.register(FakePoolProvider.spec("tenant_" + i, 0, 20), Resource.class);
            registry.durable(key).use();
        }
        List<Pool> pools = provider.pools();
        var unused = load.scheduleAtFixedRate(
                () -> {
                    for (int i = 0; i < POOLS; i++) {
                        pools.get(i).lendTimed(Duration.ofNanos(1_000L * i));
                    }
                },
                0,
                200,
                TimeUnit.MILLISECONDS);
        console = Console.open(new ConsoleSettings("127.0.0.1", 0, Secret.none()), events);
        console.show(new Observed(
                registry,
                Map::of,
                monitor,
                () -> new Health(HealthStatus.UP, "all well", List.of()),
                services,
                new StartupReport(List.of(), List.of(), Duration.ZERO),
                () -> true,
                null));
        browser = Browser.start(folder.resolve("profile"));
        browser.open(console.url());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> browser.text("pools-count").equals("1,000 pools"));
    }

    @AfterAll
    void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (console != null) {
            console.close();
        }
        load.shutdownNow();
        services.close();
        registry.close(Duration.ZERO);
    }

    @Test
    void isShownAnewEachSecondInNoTime() throws Exception {
        int seconds = 10;
        browser.run("return new Promise(done => setTimeout(done, 3000))");
        double before = browser.busyMillis();
        browser.run("return new Promise(done => setTimeout(done, " + seconds * 1000 + "))");
        double millis = (browser.busyMillis() - before) / seconds;
        System.out.printf(Locale.ROOT, "1,000 pools that change: %.1f ms for each update%n", millis);
        assertThat(millis).isPositive().isLessThan(MOST_MILLIS);
    }

    /** Returns the milliseconds, the median of nine, that it takes to do this and to lay out what is new. */
    private double millis(String script) throws Exception {
        return browser.run("const times = [];"
                        + "for (let i = 0; i < 9; i++) {"
                        + "  const begun = performance.now();" + script + ";"
                        + "  document.body.getBoundingClientRect();"
                        + "  times.push(performance.now() - begun);"
                        + "}"
                        + "return times.sort((a, b) => a - b)[4]")
                .asDouble();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trouble", "name", "active", "waiting", "rate", "p99", "timeouts"})
    void isSortedInNoTime(String order) throws Exception {
        double millis = millis("const s = document.getElementById('sort'); s.value = '" + order
                + "'; s.dispatchEvent(new Event('change'))");
        System.out.printf(Locale.ROOT, "1,000 pools sorted by %s: %.1f ms%n", order, millis);
        assertThat(millis).isLessThan(MOST_MILLIS);
    }

    @Test
    void isFilteredInNoTime() throws Exception {
        double millis = millis("const f = document.getElementById('filter'); f.value = 'tenant_' + i;"
                + "f.dispatchEvent(new Event('input'))");
        System.out.printf(Locale.ROOT, "1,000 pools filtered: %.1f ms%n", millis);
        assertThat(millis).isLessThan(MOST_MILLIS);
        assertThat(browser.text("pools-count")).isEqualTo("111 of 1,000 pools");
        browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))");
    }
}
