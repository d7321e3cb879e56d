package io.memfuse.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ConsoleTest extends ConsoleFixture {

    @Nested
    class Page {

        @ParameterizedTest
        @CsvSource({
            "/, text/html; charset=utf-8, <title>MemFuse</title>",
            "/console.css, text/css; charset=utf-8, prefers-color-scheme",
            "/main.js, text/javascript; charset=utf-8, import",
            "/favicon.svg, image/svg+xml, <svg",
            "/uplot/uPlot.esm.js, text/javascript; charset=utf-8, uPlot"
        })
        void isServedWithItsType(String path, String type, String content) throws Exception {
            HttpResponse<String> answer = get(path);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
            assertThat(answer.body()).contains(content);
        }

        @Test
        void mayLoadNothingFromOutsideAndRunNothingInline() throws Exception {
            HttpResponse<String> page = get("/");

            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http");
            assertThat(page.body()).doesNotContain("http://", "https://", "style=", "onclick");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/Console.class",
                    "/../memfuse.yaml",
                    "/%2e%2e/memfuse.yaml",
                    "/uplot/../../memfuse.yaml",
                    "/nothing.js",
                    "/nothing",
                    "/uplot/LICENSE"
                })
        void hasNoOtherFiles(String path) throws Exception {
            assertThat(get(path).statusCode()).isEqualTo(404);
        }
    }

    @Nested
    class Documents {

        @Test
        void onPoolsHasTheValuesOfTheRegistry() throws Exception {
            PoolKey<Resource> orders = pool("orders", 7, 3);
            pool("users", 2, 0);
            health.look();

            JsonNode body = json("/api/pools");

            PoolStats stats = registry.snapshot(orders).stats();
            JsonNode row = body.get("pools").get(0);
            assertThat(body.get("pools")).hasSize(2);
            assertThat(row.get("key").asString()).isEqualTo(orders.toString());
            assertThat(row.get("state").asString()).isEqualTo("OPEN");
            assertThat(row.get("health").asString()).isEqualTo("UP");
            assertThat(row.get("total").asInt()).isEqualTo(stats.total()).isEqualTo(7);
            assertThat(row.get("active").asInt()).isEqualTo(stats.active()).isEqualTo(3);
            assertThat(row.get("idle").asInt()).isEqualTo(stats.idle()).isEqualTo(4);
            assertThat(row.get("max").asInt()).isEqualTo(stats.maxSize()).isEqualTo(20);
            assertThat(row.get("opened").asInt()).isEqualTo(1);
        }

        @Test
        void onPoolsCallThemAsTheConfigurationDoes() throws Exception {
            PoolKey<Resource> orders = pool("orders", 1, 0);
            pool("users", 1, 0);
            names.put("shop", orders);
            names.put("orders", orders);

            JsonNode rows = json("/api/pools").get("pools");

            assertThat(rows.get(0).get("names").valueStream().map(JsonNode::asString))
                    .containsExactlyInAnyOrder("orders", "shop");
            assertThat(rows.get(1).get("names")).isEmpty();
        }

        @Test
        void onPoolsTellForHowLongTheOldestBorrowerHasWaited() throws Exception {
            pool("orders", 1, 1);
            provider.pools().get(0).waiting(3, Duration.ofMillis(1_500));

            JsonNode row = json("/api/pools").get("pools").get(0);

            assertThat(row.get("waiting").asInt()).isEqualTo(3);
            assertThat(row.get("oldest_waiter_millis").asDouble()).isEqualTo(1_500);
        }

        @Test
        void haveNoFiguresOfWhatHasNotHappened() throws Exception {
            pool("orders", 1, 0);

            assertThat(json("/api/pools")
                            .get("pools")
                            .get(0)
                            .get("wait_p50_millis")
                            .isNull())
                    .isTrue();
            assertThat(json("/api/lock").get("wait_p99_millis").isNull()).isTrue();
            assertThat(json("/api/services").get("hit_rate").isNull()).isTrue();
            assertThat(json("/api/services").get("recent_hit_rate").isNull()).isTrue();
        }

        @Test
        void tellWhyAPoolIsDown() throws Exception {
            PoolKey<Resource> orders = registry.register(FakePoolProvider.spec("orders"), Resource.class);
            provider.script("orders", (spec, context) -> {
                throw PoolOpenException.attemptFailed(orders, FailureKind.UNREACHABLE, "refused", Duration.ZERO, null);
            });
            assertThatThrownBy(() -> registry.durable(orders).use()).isInstanceOf(PoolOpenException.class);
            health.look();

            JsonNode body = json("/api/pools");

            assertThat(body.get("health").asString()).isEqualTo("DOWN");
            assertThat(body.get("pools").get(0).get("health_reason").asString()).contains("refused");
            assertThat(body.get("pools").get(0).get("last_failure").asString()).contains("refused");
        }

        @Test
        void haveTheSizesThatAPoolWouldBeOpenedWith() throws Exception {
            registry.register(FakePoolProvider.spec("orders", 3, 9), Resource.class);

            JsonNode row = json("/api/pools").get("pools").get(0);

            assertThat(row.get("min").asInt()).isEqualTo(3);
            assertThat(row.get("max").asInt()).isEqualTo(9);
            assertThat(row.get("total").asInt()).isZero();
        }

        @Test
        void onTheLockAndTheServicesAreThatOfThePlatform() throws Exception {
            pool("orders", 1, 0);

            long before = registry.lockMetrics().reads();
            long shown = json("/api/lock").get("reads").asLong();
            assertThat(shown).isBetween(before, registry.lockMetrics().reads()).isPositive();
            assertThat(json("/api/services").get("users").asInt()).isZero();
        }

        @Test
        void listTheUsersThatHaveServices() throws Exception {
            services.get("alice", Greeting.class);
            services.get("Bob <b>", Greeting.class);

            JsonNode body = json("/api/services");
            assertThat(body.get("listed")
                            .valueStream()
                            .map(user -> user.get("user").asString()))
                    .containsExactlyInAnyOrder("alice", "Bob <b>");
            assertThat(body.get("listed").get(0).get("services").get(0).asString())
                    .isEqualTo("greeting");
            assertThat(body.get("listed").get(0).get("unseen_millis").asLong()).isBetween(0L, 60_000L);
            assertThat(body.get("more").asInt()).isZero();

            JsonNode found = json("/api/services?user=bob%20%3C").get("listed");
            assertThat(found).hasSize(1);
            assertThat(found.get(0).get("user").asString()).isEqualTo("Bob <b>");
        }

        @Test
        void listSoManyUsersOnly() throws Exception {
            for (int i = 0; i < 520; i++) {
                services.get("user" + i, Greeting.class);
            }

            assertThat(json("/api/services").get("listed")).hasSize(500);
            assertThat(json("/api/services").get("more").asInt()).isEqualTo(20);
            assertThat(json("/api/services?user=none").get("listed")).isEmpty();
        }

        @Test
        void countWhoWasRefusedAndWhoHeldAConnectionForTooLong() throws Exception {
            PoolKey<Resource> orders = pool("orders", 7, 3);
            var adapter = provider.pools().get(0).context().listener();
            adapter.refused(orders, PoolClosedException.drained(orders));
            adapter.refused(orders, PoolClosedException.drained(orders));
            adapter.leaked(orders, new ConnectionHolder("job", Duration.ofMinutes(1), List.of()));

            JsonNode row = json("/api/pools").get("pools").get(0);
            assertThat(row.get("refused").asInt()).isEqualTo(2);
            assertThat(row.get("leaked").asInt()).isEqualTo(1);
        }

        @Test
        void tellOfTheStart() throws Exception {
            assertThat(json("/api/startup").get("ready_millis").asInt()).isEqualTo(12);
            assertThat(json("/api/startup").get("writable").asBoolean()).isFalse();
        }

        @Test
        void tellOfTheLastMinutesOfOnePoolAndOfAll() throws Exception {
            PoolKey<Resource> orders = pool("orders", 7, 3);
            pool("users", 2, 1);
            registry.register(FakePoolProvider.spec("nobody_uses_it", 0, 1_000), Resource.class);
            await().until(() -> {
                JsonNode active = json("/api/history").get("active");
                return !active.isEmpty() && active.get(active.size() - 1).asInt() == 4;
            });

            JsonNode most = json("/api/history").get("max");
            assertThat(most.get(most.size() - 1).asInt())
                    .as("of those that are open")
                    .isEqualTo(40);
            JsonNode one = json("/api/history?pool=" + URLEncoder.encode(orders.toString(), StandardCharsets.UTF_8));

            assertThat(one.get("active").get(one.get("active").size() - 1).asInt())
                    .isEqualTo(3);
            assertThat(one.get("at")).hasSameSizeAs(one.get("max"));
            assertThat(json("/api/history?pool=none").get("error").asString()).contains("none");
        }

        @Test
        void areAllNamedWhereThereIsNone() throws Exception {
            assertThat(get("/api/nothing").statusCode()).isEqualTo(404);
            assertThat(json("/api/nothing").get("error").asString()).contains("/api/pools");
        }

        @Test
        void onMetricsSayHowToHaveThem() throws Exception {
            assertThat(get("/metrics").statusCode()).isEqualTo(404);
            assertThat(get("/metrics").body()).contains("memfuse-micrometer");
        }

        @Test
        void areNotForOtherMethods() throws Exception {
            assertThat(send(request("/api/pools").DELETE()).statusCode()).isEqualTo(405);
            assertThat(send(request("/api/pools").method("HEAD", BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Nested
    class Health {

        @Test
        void isLiveAndReady() throws Exception {
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        }

        @Test
        void isNotReadyIfThePlatformIsNotAndSaysWhy() throws Exception {
            ready = false;

            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(json("/health/ready").get("reason").asString()).isNotEmpty();
        }

        @Test
        void isLiveAndNotReadyWhileThePlatformStarts() throws Exception {
            console.close();
            console = open(Secret.none(), events);

            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(get("/api/pools").statusCode()).isEqualTo(503);
            assertThat(get("/").statusCode()).isEqualTo(200);
        }
    }

    @Nested
    class OtherSites {

        private String status(String headers) throws IOException {
            return raw("GET /api/pools HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:7788", "[::1]:7788"})
        void areNotTheOnesThatAskForThisMachine(String host) throws IOException {
            assertThat(status("Host: " + host + "\r\n")).contains(" 200 ");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:7788"})
        void getNothingUnderANameThatTheyLeadHere(String host) throws IOException {
            assertThat(status("Host: " + host + "\r\n")).contains(" 403 ");
        }

        @ParameterizedTest
        @CsvSource({
            "http://localhost:7788, 200",
            "http://localhost:7789, 403",
            "http://evil.example, 403",
            "null, 403",
        })
        void getNothingForTheirPages(String origin, String status) throws IOException {
            assertThat(status("Host: localhost:7788\r\nOrigin: " + origin + "\r\n"))
                    .contains(" " + status + " ");
        }
    }

    @Nested
    class Strangers {

        private String status(String request) throws IOException {
            return raw(request + "\r\n");
        }

        @ParameterizedTest
        @CsvSource({
            "cross-site, image, 403",
            "cross-site, iframe, 403",
            "cross-site, empty, 403",
            "same-site, script, 403",
            "cross-site, document, 200",
            "same-origin, empty, 200",
            "none, document, 200"
        })
        void loadNothingIntoTheirPages(String site, String destination, String status) throws IOException {
            assertThat(status("GET /api/pools HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nSec-Fetch-Site: "
                            + site + "\r\nSec-Fetch-Dest: " + destination + "\r\n"))
                    .contains(" " + status + " ");
        }

        @Test
        void keepNoHoldOfAPageThatTheyOpen() throws Exception {
            assertThat(get("/").headers().firstValue("Cross-Origin-Opener-Policy"))
                    .hasValue("same-origin");
        }

        @ParameterizedTest
        @ValueSource(strings = {"OPTIONS /api/pools", "OPTIONS *", "TRACE /", "PUT /api/pools", "CONNECT localhost:1"})
        void getNothingByOtherMethods(String request) throws IOException {
            assertThat(status(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"))
                    .matches("(HTTP/1.1 4\\d\\d .*)?");
        }

        @Test
        void areNotWaitedForIfTheyDoNotSendTheBodyThatTheyAnnounce() throws Exception {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream()
                        .write("POST /api/pools/a/evict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                assertThat(lines.readLine()).contains(" 403 ");
                awaitServing(0);
            }
        }

        @Test
        void cannotSendHeadersWithoutEnd() throws Exception {
            byte[] part = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            long sent = 0;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII));
                while (sent < 64 * 1024 * 1024) {
                    out.write(part);
                    sent += part.length;
                }
            } catch (IOException cutOff) {
                assertThat(sent).isLessThan(16 * 1024 * 1024);
                return;
            }
            throw new AssertionError("it took " + sent + " bytes of one header");
        }

        @Test
        void cannotHoldMoreConnectionsThanThereAreFor() throws Exception {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < Console.MOST_CONNECTIONS + 50; i++) {
                    sockets.add(new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort()));
                }
                Socket last = sockets.get(sockets.size() - 1);
                last.setSoTimeout(10_000);
                int answer;
                try {
                    answer = last.getInputStream().read();
                } catch (SocketException reset) {
                    answer = -1;
                }
                assertThat(answer).as("closed at once").isEqualTo(-1);
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .contains(" 200 "));
        }

        @Test
        void areToldOfAFaultWithoutItsTrace() throws Exception {
            console.close();
            console = open(Secret.none(), events);
            console.show(new Observed(
                    registry,
                    Map::of,
                    monitor,
                    health::health,
                    services,
                    new StartupReport(List.of(), List.of(), Duration.ZERO),
                    () -> ready,
                    () -> {
                        throw new IllegalStateException("a secret of the inside");
                    }));

            HttpResponse<String> answer = get("/metrics");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("log").doesNotContain("secret", "Exception", "at io.");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET mailto:x",
                    "GET /%00",
                    "GET /%zz",
                    "GET /..%2f..%2fmemfuse.yaml",
                    "GET /uplot/%2e%2e/Console.class"
                })
        void getNothingUnderCrookedAddresses(String request) throws IOException {
            assertThat(status(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"))
                    .doesNotContain(" 5", " 200 ");
            assertThat(raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .contains(" 200 ");
        }
    }

    @Nested
    class Changes {

        private final PoolKey<Resource> orders = pool("orders", 5, 0);

        private HttpResponse<String> post(String action, String token) throws Exception {
            String key = URLEncoder.encode(orders.toString(), StandardCharsets.UTF_8);
            var request = request("/api/pools/" + key + "/" + action).POST(BodyPublishers.noBody());
            return send(token.isEmpty() ? request : request.header("Authorization", token));
        }

        @Test
        void areForbiddenWithoutATokenOfTheConsole() throws Exception {
            HttpResponse<String> answer = post("evict", "Bearer " + TOKEN);

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("MEMFUSE_CONSOLE_TOKEN");
            assertThat(registry.snapshot(orders).stats().total()).isEqualTo(5);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "Bearer ", "Bearer 0123456789abcdeF", "Bearer 0123456789abcde", "Basic 0123456789abcdef"
                })
        void areForbiddenToWhoDoesNotShowIt(String shown) throws Exception {
            reopen(Secret.of(TOKEN));

            HttpResponse<String> answer = post("evict", shown);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).doesNotContain(TOKEN);
            assertThat(provider.pools().get(0).closes()).isZero();
        }

        @Test
        void drainThePoolAndAnswerWhenItIsClosed() throws Exception {
            reopen(Secret.of(TOKEN));

            HttpResponse<String> answer = post("drain", "Bearer " + TOKEN);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("drained and closed in");
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
        }

        @Test
        void evictThePool() throws Exception {
            reopen(Secret.of(TOKEN));

            assertThat(post("evict", "Bearer " + TOKEN).statusCode()).isEqualTo(202);
            await().until(() -> provider.pools().get(0).closes() == 1);
        }

        @Test
        void replaceItsConnections() throws Exception {
            reopen(Secret.of(TOKEN));
            var told = new AtomicInteger();
            provider.pools().get(0).scriptSoftEvict(told::incrementAndGet);

            assertThat(post("soft-evict", "Bearer " + TOKEN).statusCode()).isEqualTo(200);
            assertThat(told).hasValue(1);
        }

        @Test
        void resizeThePool() throws Exception {
            reopen(Secret.of(TOKEN));

            assertThat(post("resize?min=3&max=9", "Bearer " + TOKEN).statusCode())
                    .isEqualTo(200);
            assertThat(registry.snapshot(orders).stats().maxSize()).isEqualTo(9);
        }

        @ParameterizedTest
        @CsvSource({
            "resize, 400, resize?min=5&max=20",
            "resize?min=x&max=3, 400, resize?min=5&max=20",
            "resize?min=9&max=3, 409, 'min_size is 9; accepted: at most max_size, which is 3'",
            "resize?min=0&max=10001, 409, 'max_size is 10001; accepted: 1 to 10000'",
            "fly, 404, 'there are evict, soft-evict, drain and resize'"
        })
        void areExplainedIfTheyMakeNoSense(String action, int status, String named) throws Exception {
            reopen(Secret.of(TOKEN));

            HttpResponse<String> answer = post(action, "Bearer " + TOKEN);

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).contains("error").contains(named);
        }

        @ParameterizedTest
        @CsvSource({
            "evict, was not open; the next request tries to open it at once",
            "drain, was not open; the next request tries to open it at once",
            "soft-evict, is not open; nothing was done",
            "resize?min=3&max=9, 'is not open; when it is, it has 3 to 9 connections'"
        })
        void sayWhatTheyDidNotDoToAPoolThatIsNotOpen(String action, String said) throws Exception {
            reopen(Secret.of(TOKEN));
            registry.evict(orders).toCompletableFuture().join();

            HttpResponse<String> answer = post(action, "Bearer " + TOKEN);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains('"' + said + '"');
        }

        @Test
        void letAPoolThatFailedBeTriedAgainAtOnce() throws Exception {
            reopen(Secret.of(TOKEN));
            registry.evict(orders).toCompletableFuture().join();
            provider.script("orders", (spec, context) -> {
                throw new IllegalStateException("refused on purpose");
            });
            assertThatThrownBy(() -> registry.durable(orders).use()).hasMessageContaining("refused on purpose");
            provider.heal("orders");

            assertThat(post("evict", "Bearer " + TOKEN).body())
                    .contains("was not open; the next request tries to open it at once");

            assertThat(registry.durable(orders).use()).isPositive();
        }

        @Test
        void areAmongTheEventsUnlessTheyAreRefused() throws Exception {
            reopen(Secret.of(TOKEN));
            post("resize?min=3&max=9", "Bearer " + TOKEN);
            post("resize?min=9&max=3", "Bearer " + TOKEN);

            assertThat(events.since(0))
                    .filteredOn(event -> event.kind() == EventLog.Kind.ASKED)
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.pool()).isEqualTo(orders.toString());
                        assertThat(event.text()).isEqualTo("resize to 3 to 9");
                    });
        }

        @Test
        void needAPoolThatIsThere() throws Exception {
            reopen(Secret.of(TOKEN));

            var request = request("/api/pools/none/evict").POST(BodyPublishers.noBody());

            assertThat(send(request.header("Authorization", "Bearer " + TOKEN)).statusCode())
                    .isEqualTo(404);
        }
    }

    @Nested
    class Listening {

        @Test
        void onAPortThatIsInUseSaysWhatToDo() {
            int port = uri("/").getPort();

            assertThatThrownBy(() -> Console.open(new ConsoleSettings("127.0.0.1", port, Secret.none()), events))
                    .isInstanceOf(ConsoleException.class)
                    .hasMessageContaining(String.valueOf(port))
                    .hasMessageContaining("--port 0")
                    .hasMessageContaining("--no-console");
        }

        @Test
        void whereOthersReachItNeedsAToken() {
            assertThatThrownBy(() -> Console.open(new ConsoleSettings("0.0.0.0", 0, Secret.none()), events))
                    .isInstanceOf(ConsoleException.class)
                    .hasMessageContaining("MEMFUSE_CONSOLE_TOKEN");
        }

        @Test
        void whereOthersReachItShowsNothingWithoutTheToken() throws Exception {
            console.close();
            console = Console.open(new ConsoleSettings("0.0.0.0", 0, Secret.of(TOKEN)), events, TIMEOUT);
            console.show(observed());
            assertThat(console.url()).isEqualTo("http://0.0.0.0:" + uri("/").getPort() + "/");
            String url = "http://127.0.0.1:" + uri("/").getPort();
            var request = HttpRequest.newBuilder(URI.create(url + "/api/pools"));

            assertThat(send(request.copy()).statusCode()).isEqualTo(401);
            assertThat(send(request.header("Authorization", "Bearer " + TOKEN)).statusCode())
                    .isEqualTo(200);
        }

        @ParameterizedTest
        @ValueSource(strings = {"short", "with a space in the middle", "not-ascii-ääääääääääää"})
        void needsATokenThatCannotBeGuessedAndCanBeSent(String token) {
            assertThatThrownBy(() -> new ConsoleSettings("127.0.0.1", 0, Secret.of(token)))
                    .isInstanceOf(ConsoleException.class)
                    .hasMessageContaining("openssl")
                    .hasMessageNotContaining(token);
        }
    }
}
