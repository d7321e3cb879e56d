package io.memfuse.it.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.cli.console.Console;
import io.memfuse.cli.console.ConsoleSettings;
import io.memfuse.cli.console.EventLog;
import io.memfuse.cli.console.Observed;
import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.Secret;
import io.memfuse.it.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page as people see it. With {@code -Dmemfuse.screenshots=FOLDER} it waits for a while of load, so that there is
 * something to see, and leaves the pictures there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final @Nullable String SCREENSHOTS = System.getProperty("memfuse.screenshots");
    private static final String TOKEN = "0123456789abcdef";
    private static final Duration SOON = Duration.ofSeconds(30);

    private Fleet fleet;
    private Console console;
    private Browser browser;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        assumeThat(Browser.isThere())
                .as("needs chromium and chromedriver on the PATH")
                .isTrue();
        // Pictures are to have the names that people use; other runs are to disturb nobody on the server.
        String suffix = SCREENSHOTS == null ? "_" + UUID.randomUUID().toString().substring(0, 8) : "";
        var events = new EventLog(Clock.systemUTC());
        fleet = Fleet.start(DATABASE, suffix, folder, events);
        console = Console.open(new ConsoleSettings("127.0.0.1", 0, Secret.of(TOKEN)), events);
        MemFuse memfuse = fleet.memfuse();
        console.show(new Observed(
                memfuse.registry(),
                memfuse::databases,
                memfuse.monitor(),
                memfuse::health,
                memfuse.services(),
                memfuse.report(),
                memfuse::isReady,
                null));
        browser = Browser.start(folder.resolve("profile"));
        browser.open(console.url());
        await().atMost(SOON).until(() -> browser.text("link").equals("live"));
    }

    @AfterAll
    void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (console != null) {
            console.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    private JsonNode api(String path) throws Exception {
        URI uri = URI.create(console.url()).resolve(path);
        return JsonMapper.shared()
                .readTree(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                        .body());
    }

    private long number(String id) throws Exception {
        return Long.parseLong(browser.text(id).replace(",", ""));
    }

    @Test
    @Order(1)
    void showsValuesThatMove() throws Exception {
        String rate = browser.text("rate");
        String lock = browser.text("lock-rate");
        await().atMost(SOON).until(() -> !browser.text("rate").equals(rate));
        await().atMost(SOON).until(() -> !browser.text("active").equals("0"));
        assertThat(lock).isNotEqualTo("–");
        assertThat(browser.text("hit-rate")).endsWith("%");
    }

    @Test
    @Order(2)
    void showsWhatTheApiTells() throws Exception {
        JsonNode api = api("/api/pools");
        long room = api.get("pools")
                .valueStream()
                .filter(pool -> pool.get("state").asString().equals("OPEN"))
                .mapToLong(pool -> pool.get("max").asLong())
                .sum();

        assertThat(number("room")).isEqualTo(room).isPositive();
        assertThat(browser.text("health")).isEqualTo(api.get("health").asString());
        assertThat(browser.text("reason")).contains(api.get("health_reason").asString());
        assertThat(browser.text("pools-count")).isEqualTo(api.get("pools").size() + " pools");
        assertThat(browser.text("users"))
                .isEqualTo(api("/api/services").get("users").asInt() + " users");
        // What moves meets when both are looked at in the same second.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(number("active"))
                        .isEqualTo(api("/api/pools")
                                .get("pools")
                                .valueStream()
                                .mapToLong(pool -> pool.get("active").asLong())
                                .sum()));
    }

    @Test
    @Order(3)
    void putsThePoolThatIsDownFirstAndSaysWhy() throws Exception {
        await().atMost(SOON)
                .until(() -> browser.run("return document.querySelector('.row .pill').textContent")
                        .asString()
                        .equals("DOWN"));
        assertThat(browser.run("return document.querySelector('.row').title").asString())
                .contains(Fleet.DEAD);
        assertThat(browser.text("startup")).contains(Fleet.DEAD);
        assertThat(browser.text("events")).contains("opened");
    }

    @Test
    @Order(4)
    void filtersAndSorts() throws Exception {
        browser.run(
                "const f = document.getElementById('filter'); f.value = 'billing'; f.dispatchEvent(new Event('input'))");
        assertThat(browser.text("pools-count")).startsWith("1 of ");
        browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))");
        browser.run(
                "const s = document.getElementById('sort'); s.value = 'name'; s.dispatchEvent(new Event('change'))");
        assertThat(browser.run(
                                "return [...document.querySelectorAll('.row b')].map(name => name.textContent).join('|')")
                        .asString()
                        .split("\\|"))
                .hasSizeGreaterThan(2)
                .isSorted();
        browser.run(
                "const s = document.getElementById('sort'); s.value = 'trouble'; s.dispatchEvent(new Event('change'))");
    }

    @Test
    @Order(4)
    void callsPoolsAsTheConfigurationDoesAndNoneWellThatWasNeverOpened() throws Exception {
        browser.run(
                "const f = document.getElementById('filter'); f.value = 'shop'; f.dispatchEvent(new Event('input'))");
        assertThat(browser.run("return document.querySelector('.row b').textContent")
                        .asString())
                .isEqualTo("orders, shop");
        browser.run(
                "const f = document.getElementById('filter'); f.value = 'attic'; f.dispatchEvent(new Event('input'))");
        assertThat(browser.run("return document.querySelector('.row .health').textContent")
                        .asString())
                .isEqualTo("NOT OPEN");
        browser.run("const f = document.getElementById('filter'); f.value = 'not open';"
                + " f.dispatchEvent(new Event('input'))");
        assertThat(browser.text("pools-count")).startsWith("1 of ");
        browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))");
    }

    @Test
    @Order(5)
    void showsOnePoolAndResizesIt() throws Exception {
        browser.run(
                "const f = document.getElementById('filter'); f.value = 'orders'; f.dispatchEvent(new Event('input'));"
                        + "document.querySelector('.row').click()");
        await().atMost(SOON).until(() -> browser.text("chart-title").equals("orders, shop"));
        browser.run("document.getElementById('token').value = '" + TOKEN + "';"
                + "document.getElementById('token-dialog').showModal();"
                + "document.getElementById('token-dialog').close('ok')");
        await().atMost(SOON).until(() -> browser.text("mode").equals("changes allowed"));
        browser.run(
                "document.querySelector('[name=max]').value = 6; document.querySelector('[data-action=resize]').click()");
        assertThat(browser.text("chart-sub")).contains("/orders").endsWith("connections over the last five minutes");
        await().atMost(SOON).until(() -> browser.text("outcome").equals("has 2 to 6 connections"));
        await().atMost(SOON).until(() -> browser.text("facts").contains("2 to 6"));
        browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))");
    }

    @Test
    @Order(5)
    void showsTheUsersWithTheirServices() throws Exception {
        await().atMost(SOON).until(() -> browser.text("user-list").contains("alice"));
        assertThat(browser.text("user-list")).contains("bob", "buffer, memory, storage", "now");
        assertThat(browser.text("users-count")).isEqualTo("2 users");

        browser.run("const f = document.getElementById('users-filter');"
                + "f.value = 'LIC'; f.dispatchEvent(new Event('input'))");
        await().atMost(SOON).until(() -> browser.text("users-count").equals("1 user"));
        assertThat(browser.text("user-list")).contains("alice").doesNotContain("bob");
        browser.run("const f = document.getElementById('users-filter');"
                + "f.value = ''; f.dispatchEvent(new Event('input'))");
    }

    @Test
    @Order(6)
    void complainsOfNothing() throws Exception {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Order(7)
    void looksWellOnAScreenAndOnAPhone() throws Exception {
        Path folder = Path.of(SCREENSHOTS == null ? "target/screenshots" : SCREENSHOTS);
        if (SCREENSHOTS != null) {
            await().pollDelay(Duration.ofSeconds(60))
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> true);
        }
        for (boolean dark : new boolean[] {false, true}) {
            String name = dark ? "dark" : "light";
            browser.look(1280, 1150, 1, dark);
            assertThat(fits()).as("1280 wide").isTrue();
            browser.screenshot(folder.resolve("desktop-" + name + ".png"));
            lookAtAll(1440, 900, dark, folder.resolve("wide-" + name + ".png"));
            lookAtAll(390, 844, dark, folder.resolve("phone-" + name + ".png"));
        }
        browser.look(1280, 1150, 1, false);
    }

    /** Takes a picture of the whole page, laid out for a screen of this size. */
    private void lookAtAll(int width, int height, boolean dark, Path picture) throws Exception {
        browser.look(width, height, 1, dark);
        assertThat(fits()).as(width + " wide").isTrue();
        int all = browser.run("return document.documentElement.scrollHeight").asInt();
        browser.look(width, all, 1, dark);
        browser.screenshot(picture);
    }

    /** Tells whether nothing sticks out to the right. */
    private boolean fits() throws Exception {
        browser.run("return new Promise(done => setTimeout(done, 1500))");
        return browser.run("return document.documentElement.scrollWidth <= innerWidth")
                .asBoolean();
    }

    @Test
    @Order(8)
    void saysWhenTheConnectionIsLostAndComesBack() throws Exception {
        var events = new EventLog(Clock.systemUTC());
        int port = URI.create(console.url()).getPort();
        console.close();
        await().atMost(SOON).until(() -> browser.text("link").contains("connection lost"));
        console = Console.open(new ConsoleSettings("127.0.0.1", port, Secret.of(TOKEN)), events);
        MemFuse memfuse = fleet.memfuse();
        console.show(new Observed(
                memfuse.registry(),
                memfuse::databases,
                memfuse.monitor(),
                memfuse::health,
                memfuse.services(),
                memfuse.report(),
                memfuse::isReady,
                null));
        await().atMost(SOON).until(() -> browser.text("link").equals("live"));
    }
}
