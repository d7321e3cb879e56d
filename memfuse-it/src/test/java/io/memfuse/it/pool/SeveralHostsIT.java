package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import io.memfuse.cli.embedded.MortalServer;
import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.TargetSessionAttrs;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.pool.hikari.HikariPoolProvider;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.ConnectionFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Two servers that stand in for each other, and what may be wrong with one of them. The first lets nobody write. */
@Timeout(120)
class SeveralHostsIT {

    private static final Logger LOG = LoggerFactory.getLogger(SeveralHostsIT.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(6);
    private static final String PORT = "SELECT inet_server_port()::text";

    private static @Nullable MortalServer readOnly;
    private static @Nullable MortalServer readWrite;

    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(new HikariPoolProvider())
            .provider(new R2dbcPoolProvider())
            .build();

    @BeforeAll
    static void start() throws Exception {
        readOnly = MortalServer.start();
        readWrite = MortalServer.start();
        execute(readOnly(), "ALTER SYSTEM SET default_transaction_read_only = on");
        execute(readOnly(), "SELECT pg_reload_conf()");
    }

    @AfterAll
    static void stop() throws Exception {
        readOnly().stop();
        readWrite().stop();
    }

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
    }

    private static MortalServer readOnly() {
        return Objects.requireNonNull(readOnly);
    }

    private static MortalServer readWrite() {
        return Objects.requireNonNull(readWrite);
    }

    private static void execute(MortalServer server, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + server.port() + "/postgres",
                        EmbeddedPostgres.USER,
                        EmbeddedPostgres.PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Endpoint at(int port) {
        return new Endpoint("localhost", port);
    }

    private static Endpoint at(MortalServer server) {
        return at(server.port());
    }

    private static Endpoints any(Endpoint... endpoints) {
        return wanting(TargetSessionAttrs.ANY, endpoints);
    }

    private static Endpoints wanting(TargetSessionAttrs target, Endpoint... endpoints) {
        return new Endpoints(Arrays.asList(endpoints), target, false);
    }

    private static PoolSpec spec(String provider, Endpoints endpoints) {
        return PoolSpec.builder(provider, "postgres")
                .endpoints(endpoints)
                .user(EmbeddedPostgres.USER)
                .password(Secret.of(EmbeddedPostgres.PASSWORD))
                .limits(PoolLimits.DEFAULTS.withSizes(0, 3).withTimeout(TIMEOUT))
                .build();
    }

    private Callable<String> asking(String provider, Endpoints endpoints, String sql) {
        return asking(spec(provider, endpoints), sql);
    }

    private Callable<String> asking(PoolSpec spec, String sql) {
        if (spec.provider().equals(HikariPoolProvider.NAME)) {
            DataSource pool = registry.durable(registry.register(spec, DataSource.class));
            return () -> {
                try (Connection connection = pool.getConnection()) {
                    return Pools.query(connection, sql);
                }
            };
        }
        ConnectionFactory pool = registry.durable(registry.register(spec, ConnectionFactory.class));
        return () -> Reactive.await(Mono.usingWhen(
                pool.create(), connection -> Reactive.query(connection, sql), io.r2dbc.spi.Connection::close));
    }

    private String portBy(String provider, Endpoints endpoints) throws Exception {
        return asking(provider, endpoints, PORT).call();
    }

    private static String text(MortalServer server) {
        return Integer.toString(server.port());
    }

    private static int deadPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void oneThatRefusesIsPassedOver(String provider) throws Exception {
        long startNanos = System.nanoTime();

        assertThat(portBy(provider, any(at(deadPort()), at(readWrite())))).isEqualTo(text(readWrite()));
        assertThat(since(startNanos)).isLessThan(TIMEOUT.dividedBy(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void oneThatNeverAnswersCostsOneLoginItsShareOfTheTimeAndTheNextNothing(String provider) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Callable<String> first = asking(provider, any(at(silent.getLocalPort()), at(readWrite())), PORT);
            long startNanos = System.nanoTime();
            assertThat(first.call()).isEqualTo(text(readWrite()));
            assertThat(since(startNanos)).isBetween(TIMEOUT.dividedBy(4), TIMEOUT);

            execute(
                    readWrite(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'memfuse'");
            long againNanos = System.nanoTime();
            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(2))
                    .until(() -> first.call().equals(text(readWrite())));
            assertThat(since(againNanos)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void theNextTakesOverFromOneThatIsKilled(String provider) throws Exception {
        Callable<String> port = asking(provider, any(at(readOnly()), at(readWrite())), PORT);
        assertThat(port.call()).isEqualTo(text(readOnly()));

        readOnly().kill();
        try {
            await().ignoreExceptions()
                    .atMost(TIMEOUT.plusSeconds(2))
                    .until(() -> port.call().equals(text(readWrite())));
        } finally {
            readOnly().restart();
        }
        assertThat(port.call()).isEqualTo(text(readWrite()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void theOneIsTakenWhoseSessionsAreWhatIsWanted(String provider) throws Exception {
        Endpoint[] both = {at(readOnly()), at(readWrite())};
        Endpoint[] reversed = {at(readWrite()), at(readOnly())};

        assertThat(portBy(provider, any(both))).isEqualTo(text(readOnly()));
        assertThat(portBy(provider, wanting(TargetSessionAttrs.READ_WRITE, both)))
                .isEqualTo(text(readWrite()));
        assertThat(portBy(provider, wanting(TargetSessionAttrs.READ_ONLY, reversed)))
                .isEqualTo(text(readOnly()));
        assertThat(portBy(provider, wanting(TargetSessionAttrs.PRIMARY, both))).isEqualTo(text(readOnly()));
        assertThat(portBy(provider, wanting(TargetSessionAttrs.PREFER_STANDBY, reversed)))
                .isEqualTo(text(readWrite()));
    }

    private PoolOpenException refusal(String provider, Endpoints endpoints) {
        @Nullable Throwable failure = catchThrowable(asking(provider, endpoints, PORT)::call);
        assertThat(failure).hasCauseInstanceOf(PoolOpenException.class);
        return (PoolOpenException)
                Objects.requireNonNull(Objects.requireNonNull(failure).getCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void theErrorSaysWhatEachOfThemAnswered(String provider) throws Exception {
        int dead = deadPort();
        long startNanos = System.nanoTime();
        PoolOpenException wrong =
                refusal(provider, wanting(TargetSessionAttrs.STANDBY, at(dead), at(readOnly()), at(readWrite())));

        assertThat(wrong.kind()).isEqualTo(FailureKind.WRONG_SESSION);
        assertThat(wrong.reason())
                .startsWith("none of 3 hosts took the login (localhost:" + dead + ": ")
                .contains(
                        "Connection refused",
                        "; " + at(readOnly()) + ": it is no standby, and target_session_attrs is standby")
                .endsWith(
                        "localhost:" + readWrite().port() + ": it is no standby, and target_session_attrs is standby)");
        assertThat(refusal(provider, wanting(TargetSessionAttrs.READ_WRITE, at(readOnly())))
                        .reason())
                .isEqualTo("its sessions are read-only, and target_session_attrs is read-write");
        assertThat(refusal(provider, any(at(dead), new Endpoint("nobody.invalid", 5432))))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE))
                .satisfies(failure ->
                        assertThat(failure.reason()).contains("nobody.invalid:5432: unknown host 'nobody.invalid'"));
        assertThat(since(startNanos)).isLessThan(TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void theLoginEndsInTimeIfNoneOfThemAnswers(String provider) throws Exception {
        try (ServerSocket one = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long startNanos = System.nanoTime();
            PoolOpenException failure = refusal(provider, any(at(one.getLocalPort()), at(other.getLocalPort())));

            assertThat(since(startNanos)).isLessThan(TIMEOUT.plusSeconds(2));
            assertThat(failure.kind()).isEqualTo(FailureKind.NO_ANSWER);
            assertThat(failure.reason())
                    .contains("localhost:" + one.getLocalPort(), "localhost:" + other.getLocalPort());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void eachIsTakenByTurnsIfTheLoadIsBalanced(String provider) throws Exception {
        var balanced = new Endpoints(List.of(at(readOnly()), at(readWrite())), TargetSessionAttrs.ANY, true);
        Set<String> ports = new TreeSet<>();
        // By chance all are the same once in 2^19 runs.
        for (int i = 0; i < 20; i++) {
            PoolSpec spec = spec(provider, balanced);
            try (PoolRegistry own = PoolRegistry.builder()
                    .provider(new HikariPoolProvider())
                    .provider(new R2dbcPoolProvider())
                    .build()) {
                ports.add(provider.equals(HikariPoolProvider.NAME) ? jdbcPort(own, spec) : reactivePort(own, spec));
            }
        }
        assertThat(ports).containsExactlyInAnyOrder(text(readOnly()), text(readWrite()));
    }

    private static String jdbcPort(PoolRegistry own, PoolSpec spec) throws Exception {
        try (Connection connection =
                own.durable(own.register(spec, DataSource.class)).getConnection()) {
            return Pools.query(connection, PORT);
        }
    }

    private static String reactivePort(PoolRegistry own, PoolSpec spec) {
        return Reactive.await(Mono.usingWhen(
                own.durable(own.register(spec, ConnectionFactory.class)).create(),
                connection -> Reactive.query(connection, PORT),
                io.r2dbc.spi.Connection::close));
    }

    /** The driver sends it on a connection of its own, which must lead to the same server. */
    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void aStatementIsCancelledOnTheServerThatExecutesIt(String provider) throws Exception {
        Endpoints endpoints = any(at(deadPort()), at(readWrite()));
        cancels(provider, endpoints);
    }

    private void cancels(String provider, Endpoints endpoints) throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        if (provider.equals(HikariPoolProvider.NAME)) {
            Connection connection = registry.durable(registry.register(spec(provider, endpoints), DataSource.class))
                    .getConnection();
            Statement statement = connection.createStatement();
            var sleeper = new Thread(() -> {
                @Nullable Throwable ended = catchThrowable(() -> statement.execute("SELECT pg_sleep(60)"));
                LOG.info("the statement ended: {}", String.valueOf(ended));
            });
            sleeper.start();
            awaitSleepers(1);
            statement.cancel();
            open.add(connection);
        } else {
            ConnectionFactory pool =
                    registry.durable(registry.register(spec(provider, endpoints), ConnectionFactory.class));
            var borrower = Mono.usingWhen(
                            pool.create(),
                            connection -> Reactive.query(connection, "SELECT pg_sleep(60)::text"),
                            io.r2dbc.spi.Connection::close)
                    .subscribe();
            awaitSleepers(1);
            borrower.dispose();
        }
        awaitSleepers(0);
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private static void awaitSleepers(int count) {
        await().atMost(Duration.ofSeconds(8)).until(() -> sleepers() == count);
    }

    private static int sleepers() throws Exception {
        try (Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + readWrite().port() + "/postgres",
                EmbeddedPostgres.USER,
                EmbeddedPostgres.PASSWORD)) {
            return Integer.parseInt(
                    Pools.query(
                            connection,
                            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(60)%'"));
        }
    }

    private static Endpoint socketOf(MortalServer server) {
        return new Endpoint(server.socketDirectory().toString(), server.port());
    }

    @Test
    void aReactivePoolConnectsToAUnixDomainSocket() throws Exception {
        String where = "SELECT coalesce(inet_server_addr()::text, 'socket')";
        assertThat(asking("r2dbc", any(socketOf(readWrite())), where).call()).isEqualTo("socket");
        assertThat(asking("r2dbc", any(new Endpoint("/nowhere", 5432), socketOf(readWrite())), where)
                        .call())
                .isEqualTo("socket");
        assertThat(asking("r2dbc", any(new Endpoint("/nowhere", 5432), at(readWrite())), PORT)
                        .call())
                .isEqualTo(text(readWrite()));
        cancels("r2dbc", any(socketOf(readWrite())));
    }

    @Test
    void anErrorNamesTheSocketThatIsNotThere() {
        PoolOpenException failure = refusal("r2dbc", any(new Endpoint("/nowhere", 5432)));
        assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE);
        assertThat(failure.getMessage()).contains("/nowhere/.s.PGSQL.5432");
    }

    @Test
    void aJdbcPoolRefusesAUnixDomainSocketAndSaysWhatToDo() {
        PoolOpenException failure = refusal("hikari", any(socketOf(readWrite())));
        assertThat(failure.kind()).isEqualTo(FailureKind.MISCONFIGURED);
        assertThat(failure.reason())
                .startsWith("the PostgreSQL JDBC driver does not connect to a Unix-domain socket")
                .endsWith("or use the provider 'r2dbc'");
    }
}
