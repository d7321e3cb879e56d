package io.memfuse.cli.console;

import static org.awaitility.Awaitility.await;

import io.memfuse.core.health.HealthMonitor;
import io.memfuse.core.health.HealthSettings;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A console on a real port that shows a registry of fake pools. */
abstract class ConsoleFixture {

    static final String TOKEN = "0123456789abcdef";

    /** How long a browser of a test may stall. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    final EngineThreads threads = EngineThreads.create();
    final PoolMonitor monitor = new PoolMonitor(1);
    final EventLog events = new EventLog(Clock.systemUTC());
    final FakePoolProvider provider = new FakePoolProvider();
    final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .listener(monitor)
            .listener(events)
            .threads(threads)
            .build();
    final HealthMonitor health = new HealthMonitor(registry, monitor, threads, Ticker.system(), HealthSettings.DEFAULT);
    final ServiceCache services =
            ServiceCache.builder().factory(new GreetingFactory()).build();
    final HttpClient client = HttpClient.newHttpClient();
    final Map<String, PoolKey<?>> names = new ConcurrentHashMap<>();
    volatile boolean ready = true;
    Console console = open(Secret.none());

    /** A service of a user. */
    record Greeting(String text) {}

    private static final class GreetingFactory implements ServiceFactory<Greeting> {

        @Override
        public String name() {
            return "greeting";
        }

        @Override
        public Class<Greeting> type() {
            return Greeting.class;
        }

        @Override
        public Greeting create(ServiceContext context) {
            return new Greeting("hello " + context.user());
        }
    }

    static Console open(Secret token, EventLog events) {
        return Console.open(new ConsoleSettings("127.0.0.1", 0, token), events, TIMEOUT);
    }

    Console open(Secret token) {
        Console opened = open(token, events);
        opened.show(observed());
        return opened;
    }

    Observed observed() {
        return new Observed(
                registry,
                () -> names,
                monitor,
                health::health,
                services,
                new StartupReport(List.of(), List.of(), Duration.ofMillis(12)),
                () -> ready,
                null);
    }

    /** Serves with a token from now on. */
    void reopen(Secret token) {
        console.close();
        console = open(token);
    }

    @AfterEach
    void close() {
        console.close();
        services.close();
        registry.close(Duration.ZERO);
        threads.close();
    }

    /** Opens a pool of this many connections, so many of them in use. */
    PoolKey<Resource> pool(String database, int connections, int active) {
        PoolKey<Resource> key = registry.register(FakePoolProvider.spec(database, 2, 20), Resource.class);
        registry.durable(key).use();
        FakePoolProvider.Pool pool = provider.pools().get(provider.pools().size() - 1);
        pool.connections(connections);
        pool.borrow(active);
        return key;
    }

    URI uri(String path) {
        return URI.create(console.url()).resolve(path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(get(path).body());
    }

    /** Sends what a browser does not let a page send, and returns the first line of the answer. */
    String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    /** Waits until the console has looked since this pool is there. */
    void awaitSeen(PoolKey<?> key) {
        String path = "/api/history?pool=" + URLEncoder.encode(key.toString(), StandardCharsets.UTF_8);
        await().atMost(Duration.ofSeconds(20)).until(() -> get(path).statusCode() == 200);
    }

    void awaitServing(int requests) {
        await().atMost(Duration.ofSeconds(20)).until(() -> console.serving() == requests);
    }
}
