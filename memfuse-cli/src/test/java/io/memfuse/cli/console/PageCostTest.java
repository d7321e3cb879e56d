package io.memfuse.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memfuse.core.testing.Campaign;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a page that is open costs the program. In a campaign only, for it takes minutes. */
class PageCostTest extends ConsoleFixture {

    private static final int POOLS = 100;
    private static final int ROUNDS = 3;
    private static final Duration MEASURED = Duration.ofSeconds(60);
    private static final double MOST = 0.01;

    /** A program of its own that asks for what the page asks for, and throws it away. */
    static final class Page {

        private Page() {}

        public static void main(String[] url) throws Exception {
            HttpClient client = HttpClient.newHttpClient();
            var asking = Executors.newSingleThreadScheduledExecutor();
            var unused = asking.scheduleAtFixedRate(
                    () -> ask(client, URI.create(url[0] + "api/services?user=")), 0, 5, TimeUnit.SECONDS);
            HttpRequest events =
                    HttpRequest.newBuilder(URI.create(url[0] + "events")).build();
            try (InputStream stream =
                    client.send(events, BodyHandlers.ofInputStream()).body()) {
                System.exit(stream.transferTo(System.out) > 0 ? 0 : 1);
            }
        }

        private static void ask(HttpClient client, URI uri) {
            try {
                client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
            } catch (IOException | InterruptedException e) {
                System.exit(1);
            }
        }
    }

    /** Lends a connection of each pool each tenth of a second, so that each row changes each second. */
    private ScheduledExecutorService load() {
        for (int i = 0; i < POOLS; i++) {
            pool("database-" + i, 5, 1);
        }
        List<Pool> pools = provider.pools();
        for (int i = 0; i < 1000; i++) {
            services.get("user-" + i, Greeting.class);
        }
        var load = Executors.newSingleThreadScheduledExecutor();
        var unused = load.scheduleAtFixedRate(
                () -> {
                    for (int i = 0; i < POOLS; i++) {
                        pools.get(i).lendTimed(Duration.ofNanos(1_000 + i));
                    }
                },
                0,
                100,
                TimeUnit.MILLISECONDS);
        return load;
    }

    /** Returns the share of one core that this program takes. */
    private static double share(Duration time) throws InterruptedException {
        Duration before = cpu();
        long startNanos = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        return cpu().minus(before).toNanos() / (double) (System.nanoTime() - startNanos);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private double shareWithAPage(Duration time) throws Exception {
        Process page = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        "target/test-classes",
                        Page.class.getName(),
                        console.url())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            awaitServing(1);
            double share = share(time);
            assertThat(page.isAlive()).isTrue();
            return share;
        } finally {
            page.destroy();
            page.waitFor();
            awaitServing(0);
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void isBelowAHundredthOfACore() throws Exception {
        assumeTrue(Campaign.isOn(), "takes minutes; -Pcampaign");
        ScheduledExecutorService load = load();
        try {
            health.start();
            shareWithAPage(MEASURED); // The compiler has its work first.
            double cost = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                double without = share(MEASURED);
                double with = shareWithAPage(MEASURED);
                cost += (with - without) / ROUNDS;
                System.out.printf(
                        Locale.ROOT,
                        "round %d: %.2f %% of a core with a page, %.2f %% without%n",
                        round,
                        100 * with,
                        100 * without);
            }
            System.out.printf(Locale.ROOT, "a page costs %.2f %% of a core%n", 100 * cost);
            assertThat(cost).as("share of a core").isLessThan(MOST);
        } finally {
            load.shutdownNow();
        }
    }
}
