package io.memfuse.it.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium, led by WebDriver's protocol. */
final class Browser {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern PORT = Pattern.compile("on port (\\d+)");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final URI session;

    private Browser(Process driver, URI session) {
        this.driver = driver;
        this.session = session;
    }

    /** Tells whether this machine has one. */
    static boolean isThere() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one with a new profile in this folder. */
    static Browser start(Path profile) throws Exception {
        Process driver = new ProcessBuilder(
                        program("chromedriver").orElseThrow().toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            URI address = URI.create("http://127.0.0.1:" + port(driver) + "/session");
            List<String> flags = Stream.concat(FLAGS.stream(), Stream.of("--user-data-dir=" + profile))
                    .toList();
            Map<String, Object> options =
                    Map.of("binary", program("chromium").orElseThrow().toString(), "args", flags);
            Map<String, Object> wanted = Map.of(
                    "browserName",
                    "chrome",
                    "goog:chromeOptions",
                    options,
                    "goog:loggingPrefs",
                    Map.of("browser", "ALL"));
            JsonNode made =
                    send(HttpClient.newHttpClient(), address, Map.of("capabilities", Map.of("alwaysMatch", wanted)));
            return new Browser(
                    driver, URI.create(address + "/" + made.get("sessionId").asString()));
        } catch (Exception | AssertionError e) {
            driver.destroyForcibly();
            throw e;
        }
    }

    private static int port(Process driver) throws Exception {
        BufferedReader lines = driver.inputReader(StandardCharsets.UTF_8);
        return CompletableFuture.supplyAsync(() -> lines.lines()
                        .map(PORT::matcher)
                        .filter(Matcher::find)
                        .map(matcher -> Integer.parseInt(matcher.group(1)))
                        .filter(port -> port > 0)
                        .findFirst()
                        .orElseThrow())
                .get(30, TimeUnit.SECONDS);
    }

    private static JsonNode send(HttpClient client, URI uri, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        JsonNode value = JSON.readTree(
                        client.send(request, BodyHandlers.ofString()).body())
                .get("value");
        if (value != null && value.has("error")) {
            throw new AssertionError(uri.getPath() + ": " + value.get("message").asString());
        }
        return value;
    }

    private JsonNode send(String command, Object body) throws IOException, InterruptedException {
        return send(client, URI.create(session + command), body);
    }

    void open(String url) throws IOException, InterruptedException {
        send("/url", Map.of("url", url));
    }

    /** Runs the body of a function in the page and returns what it returns. */
    JsonNode run(String script) throws IOException, InterruptedException {
        return send("/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Returns the text of the element of an id. */
    String text(String id) throws IOException, InterruptedException {
        return run("return document.getElementById('" + id + "').textContent").asString();
    }

    /** Shows the page as on a screen of this size, dark or light. */
    void look(int width, int height, double scale, boolean dark) throws IOException, InterruptedException {
        Map<String, Object> size =
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", width < 600);
        var unused = command("Emulation.setDeviceMetricsOverride", size);
        Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        unused = command("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    }

    private JsonNode command(String name, Map<String, ?> parameters) throws IOException, InterruptedException {
        return send("/goog/cdp/execute", Map.of("cmd", name, "params", parameters));
    }

    /** Returns for how long the page has kept its thread busy so far, in milliseconds: scripts, styles, layout, painting. */
    double busyMillis() throws IOException, InterruptedException {
        var unused = command("Performance.enable", Map.of());
        return command("Performance.getMetrics", Map.of())
                .get("metrics")
                .valueStream()
                .filter(metric -> metric.get("name").asString().equals("TaskDuration"))
                .mapToDouble(metric -> metric.get("value").asDouble() * 1000)
                .sum();
    }

    /** Returns what the page has complained of since the last time. */
    List<String> complaints() throws IOException, InterruptedException {
        JsonNode log = send("/se/log", Map.of("type", "browser"));
        return log.valueStream()
                .filter(entry -> entry.get("level").asString().matches("SEVERE|WARNING"))
                .map(entry -> entry.get("message").asString())
                .toList();
    }

    void screenshot(Path file) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(session + "/screenshot"))
                .timeout(Duration.ofSeconds(60))
                .build();
        String body = client.send(request, BodyHandlers.ofString()).body();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(
                file,
                Base64.getDecoder().decode(JSON.readTree(body).get("value").asString()));
    }

    /** Ends the browser. */
    void close() throws IOException, InterruptedException {
        try {
            client.send(
                    HttpRequest.newBuilder(session)
                            .timeout(Duration.ofSeconds(30))
                            .DELETE()
                            .build(),
                    BodyHandlers.discarding());
        } finally {
            driver.destroy();
            if (!driver.waitFor(10, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        }
    }
}
