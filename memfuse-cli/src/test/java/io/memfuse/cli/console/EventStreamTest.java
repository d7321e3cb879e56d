package io.memfuse.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class EventStreamTest extends ConsoleFixture {

    /** A browser with the page open. */
    private final class Browser implements AutoCloseable {

        private final InputStream body;
        private final BufferedReader lines;

        Browser() throws Exception {
            HttpResponse<InputStream> answer = client.send(request("/events").build(), BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            body = answer.body();
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        JsonNode next() throws Exception {
            String line = lines.readLine();
            while (!line.startsWith("data: ")) {
                line = lines.readLine();
            }
            return JsonMapper.shared().readTree(line.substring("data: ".length()));
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    @Test
    void beginsWithAllAndGoesOnWithWhatHasChanged() throws Exception {
        PoolKey<Resource> orders = pool("orders", 4, 1);
        awaitSeen(pool("users", 2, 0));
        try (var browser = new Browser()) {
            JsonNode first = browser.next();
            assertThat(first.get("whole").asBoolean()).isTrue();
            assertThat(first.get("pools")).hasSize(2);
            assertThat(first.get("events").get(0).get("kind").asString()).isEqualTo("OPENED");

            provider.pools().get(0).borrow(2);
            JsonNode next = browser.next();
            while (next.get("pools").isEmpty()) {
                next = browser.next();
            }

            assertThat(next.get("whole").asBoolean()).isFalse();
            assertThat(next.get("pools")).hasSize(1);
            assertThat(next.get("pools").get(0).get("id").asString()).isEqualTo(orders.toString());
            assertThat(next.get("pools").get(0).get("active").asInt()).isEqualTo(3);
        }
    }

    @Test
    void tellsOfAPoolThatIsGone() throws Exception {
        PoolKey<Resource> orders = pool("orders", 4, 0);
        awaitSeen(orders);
        try (var browser = new Browser()) {
            browser.next();
            registry.remove(orders);
            JsonNode next = browser.next();
            while (next.get("gone").isEmpty()) {
                next = browser.next();
            }
            assertThat(next.get("gone").get(0).asString()).isEqualTo(orders.toString());
        }
    }

    @Test
    void isSentToManyAtOnceAndEndsWithThem() throws Exception {
        pool("orders", 4, 1);
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            browsers.add(new Browser());
        }
        for (Browser browser : browsers) {
            assertThat(browser.next().get("whole").asBoolean()).isTrue();
            assertThat(browser.next().get("whole").asBoolean()).isFalse();
        }
        for (Browser browser : browsers) {
            browser.close();
        }
        awaitServing(0);
    }

    @Test
    void isNotHeldUpByABrowserThatDoesNotRead() throws Exception {
        for (int i = 1; i < 400; i++) {
            registry.register(FakePoolProvider.spec("database-" + i), Resource.class);
        }
        awaitSeen(registry.register(FakePoolProvider.spec("database-0"), Resource.class));
        try (Socket stalled = new Socket()) {
            stalled.setReceiveBufferSize(1024);
            stalled.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), uri("/").getPort()));
            for (int i = 0; i < 60; i++) {
                stalled.getOutputStream()
                        .write("GET /api/pools HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            }
            try (var browser = new Browser()) {
                assertThat(browser.next().get("pools")).hasSize(400);
                await().atMost(Duration.ofSeconds(10)).until(() -> console.serving() >= 2);
                for (int i = 0; i < 3; i++) {
                    assertThat(browser.next().get("whole").asBoolean()).isFalse();
                }
                awaitServing(1);
            }
        }
        awaitServing(0);
    }

    @Test
    void isNotHeldUpByARequestThatDoesNotEnd() throws Exception {
        try (Socket stalled = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
            stalled.getOutputStream().write("GET /api/po".getBytes(StandardCharsets.US_ASCII));
            awaitServing(1);
            assertThat(get("/api/pools").statusCode()).isEqualTo(200);
            awaitServing(0);
            stalled.setSoTimeout(10_000);
            assertThat(stalled.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void hasAPlaceForSoManyOnly() throws Exception {
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            browsers.add(new Browser());
        }
        assertThat(get("/events").statusCode()).isEqualTo(503);
        assertThat(get("/api/pools").statusCode()).isEqualTo(200);
        for (Browser browser : browsers) {
            browser.close();
        }
        awaitServing(0);
        new Browser().close();
    }

    @Test
    void endsWithTheConsole() throws Exception {
        try (var browser = new Browser()) {
            browser.next();
            console.close();
            awaitServing(0);
        }
    }
}
