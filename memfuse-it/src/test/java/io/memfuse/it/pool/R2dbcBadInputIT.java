package io.memfuse.it.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.ConfigException;
import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcNonTransientException;
import io.r2dbc.spi.R2dbcTransientException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Whatever is wrong with one database, its reactive borrowers are told what and whether to try again, in time; the database
 * beside it, of the same file, does not notice; nothing stays behind.
 */
@Timeout(60)
class R2dbcBadInputIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** For a login to say why it ended, and for a machine that is busy. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private final Set<String> threadsBefore = threads();

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("memfuse"))
                .collect(Collectors.toSet());
    }

    @AfterEach
    void leavesNothingBehind() {
        await().untilAsserted(() -> assertThat(DATABASE.backends().all()).isEmpty());
        await().untilAsserted(() -> assertThat(threads()).isSubsetOf(threadsBefore));
    }

    private Path file(String badHost, int badPort, String... more) throws IOException {
        return Files.writeString(
                folder.resolve("memfuse.yaml"),
                "defaults:\n  min_size: 1\n  max_size: 2\n  timeout: 1s\nconnection_pool:\n  warmup_configs:\n"
                        + entry(
                                "good",
                                DATABASE.server().host(),
                                DATABASE.server().port())
                        + entry("bad", badHost, badPort)
                        + Arrays.stream(more)
                                .map(line -> "      " + line + "\n")
                                .collect(Collectors.joining()));
    }

    private static String entry(String name, String host, int port) {
        return """
                    - name: %s
                      provider: r2dbc
                      host: "%s"
                      port: %d
                      database: %s
                      user: %s
                      password: "%s"
                """.formatted(
                        name,
                        host,
                        port,
                        DATABASE.name(),
                        DATABASE.server().user(),
                        DATABASE.server().password());
    }

    private static Mono<String> use(ConnectionFactory factory) {
        return Mono.usingWhen(
                factory.create(), connection -> Reactive.query(connection, "SELECT 'served'"), Connection::close);
    }

    /** Returns why the bad one's borrower gets no connection: in time, and while the good one serves all the time. */
    private static Throwable failureOf(MemFuse memfuse) {
        ConnectionFactory bad = memfuse.connectionFactory("bad");
        ConnectionFactory good = memfuse.connectionFactory("good");
        long startNanos = System.nanoTime();
        // On a thread that must not block, for Reactor refuses to.
        Mono<Throwable> told = use(bad).subscribeOn(Schedulers.parallel())
                .then(Mono.<Throwable>empty())
                .onErrorResume(Mono::just)
                .cache();
        told.subscribe();
        assertThat(use(good).block(Duration.ofMillis(900))).isEqualTo("served");
        Throwable failure = Objects.requireNonNull(told.block(Duration.ofSeconds(30)), "it was served");
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(TIMEOUT.plus(GRACE));
        assertThat(use(good).block(Duration.ofMillis(900))).isEqualTo("served");
        return failure;
    }

    private static void assertTransient(Throwable failure, FailureKind kind) {
        assertThat(failure).isInstanceOf(R2dbcTransientException.class);
        assertKind(failure, kind, true);
    }

    private static void assertPermanent(Throwable failure, FailureKind kind) {
        assertThat(failure).isInstanceOf(R2dbcNonTransientException.class);
        assertKind(failure, kind, false);
    }

    private static void assertKind(Throwable failure, FailureKind kind, boolean retryable) {
        assertThat(failure).cause().isInstanceOfSatisfying(PoolOpenException.class, open -> {
            assertThat(open.kind()).as(open.toString()).isEqualTo(kind);
            assertThat(open.retryable()).isEqualTo(retryable);
        });
    }

    @Test
    void aHostThatRefuses() throws IOException {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        try (MemFuse memfuse = MemFuse.start(file("127.0.0.1", port))) {
            assertTransient(failureOf(memfuse), FailureKind.UNREACHABLE);
        }
    }

    @Test
    void aHostThatAcceptsAndIsSilent() throws IOException {
        List<Socket> accepted = new ArrayList<>();
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            try (MemFuse memfuse = MemFuse.start(file("127.0.0.1", silent.getLocalPort()))) {
                assertTransient(failureOf(memfuse), FailureKind.NO_ANSWER);
                assertTransient(failureOf(memfuse), FailureKind.NO_ANSWER);
            }
            accept(silent, accepted);
        }
        assertThat(accepted).isNotEmpty();
        for (Socket socket : accepted) {
            awaitHangUp(socket);
        }
    }

    /** Takes those who have connected. */
    private static void accept(ServerSocket server, List<Socket> accepted) throws IOException {
        server.setSoTimeout(200);
        try {
            while (true) {
                accepted.add(server.accept());
            }
        } catch (SocketTimeoutException all) {
            assertThat(accepted).isNotEmpty();
        }
    }

    /** The client has not left a socket behind that nobody knows of. */
    private static void awaitHangUp(Socket socket) throws IOException {
        try (socket) {
            socket.setSoTimeout(5_000);
            assertThat(socket.getInputStream().readAllBytes()).isNotNull();
        } catch (SocketTimeoutException stillThere) {
            throw new AssertionError("a connection was left open", stillThere);
        }
    }

    @Test
    void aHostThatSwallowsEveryPacket() throws IOException {
        List<Socket> fillers = new ArrayList<>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, fillers);
            try (MemFuse memfuse = MemFuse.start(file("127.0.0.1", full.getLocalPort()))) {
                assertTransient(failureOf(memfuse), FailureKind.NO_ANSWER);
            }
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    /** A listener whose queue is full takes no notice of who connects, as a firewall does not. */
    private static void fill(ServerSocket server, List<Socket> fillers) throws IOException {
        for (int i = 0; i < 50; i++) {
            var filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
            } catch (SocketTimeoutException swallowed) {
                return;
            }
        }
        throw new AssertionError("the queue never fills");
    }

    @Test
    void anOptionOfJdbc() throws IOException {
        String host = DATABASE.server().host();
        // Another database, for two entries of one have to agree.
        Path file = file(host, DATABASE.server().port(), "server_settings: {prepareThreshold: '0'}");
        Files.writeString(file, Files.readString(file).replaceAll("(?s)(name: bad.*?database: )\\S+", "$1postgres"));

        try (MemFuse memfuse = MemFuse.start(file)) {
            Throwable failure = failureOf(memfuse);

            assertPermanent(failure, FailureKind.MISCONFIGURED);
            assertThat(failure).hasMessageContaining("prepareThreshold");
        }
    }

    @Test
    void anUnknownModeOfSsl() throws IOException {
        Path file = file("db.invalid", 5432, "ssl_mode: verify");

        assertThatThrownBy(() -> MemFuse.start(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("warmup_configs[1].ssl_mode: 'verify' is not a mode of SSL")
                .hasMessageContaining("accepted: disable, allow, prefer, require, verify-ca, verify-full");
    }

    @Test
    void aServerThatHasNotTheSslThatIsRequired() throws IOException {
        Path file = file(DATABASE.server().host(), DATABASE.server().port(), "ssl_mode: require");
        Files.writeString(file, Files.readString(file).replaceAll("(?s)(name: bad.*?database: )\\S+", "$1postgres"));

        try (MemFuse memfuse = MemFuse.start(file)) {
            Throwable failure = failureOf(memfuse);

            assertPermanent(failure, FailureKind.INSECURE);
            assertThat(failure).hasMessageContaining("the server does not support SSL");
        }
    }

    /** In a JVM of its own, whose class path has all of this one's but the driver. */
    @Test
    void aDriverThatIsNotThere() throws IOException, InterruptedException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String others = Arrays.stream(all.split(File.pathSeparator))
                // The program brings the driver, by the class path in its manifest.
                .filter(jar -> !jar.contains("r2dbc-postgresql") && !jar.contains("memfuse-cli"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(others).isNotEqualTo(all);
        Path file = file("127.0.0.1", 1);
        Path output = folder.resolve("output");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        others,
                        ReactiveBorrower.class.getName(),
                        file.toString(),
                        "bad")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(40, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(ended).as(Files.readString(output, UTF_8)).isTrue();
        assertThat(Files.readString(output, UTF_8))
                .contains("io.r2dbc.spi.R2dbcNonTransientResourceException")
                .contains("(org.postgresql:r2dbc-postgresql) is not there")
                .contains("kind MISCONFIGURED, retryable false, in time true, threads left []");
    }
}
