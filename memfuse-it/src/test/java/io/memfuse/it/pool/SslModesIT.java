package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.it.SelfSigned;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Each mode of SSL in both adapters, as the server sees it: a server of this class's own, which has a certificate for localhost. */
@Timeout(60)
class SslModesIT {

    private static final int PREFERRED_PORT = 15_433;
    private static final String PASSWORD_FOR_ALL = "host all all 127.0.0.1/32 scram-sha-256";
    private static final String PASSWORD_WITH_SSL = "hostssl all all 127.0.0.1/32 scram-sha-256";

    @TempDir
    static Path files;

    @RegisterExtension
    static final Pools POOLS = new Pools();

    @RegisterExtension
    static final R2dbcPools REACTIVE = new R2dbcPools();

    private static EmbeddedPostgres server;
    private static Path trusted;
    private static Path another;

    @BeforeAll
    static void startWithACertificate() throws Exception {
        server = EmbeddedPostgres.start(PREFERRED_PORT, List.of());
        SelfSigned forLocalhost = SelfSigned.create(files, "localhost");
        write(forLocalhost.certificate(), "server.crt");
        write(forLocalhost.key(), "server.key");
        trusted = Files.writeString(files.resolve("trusted.pem"), forLocalhost.certificate());
        another = Files.writeString(
                files.resolve("another.pem"),
                SelfSigned.create(files, "localhost").certificate());
        ssl("on");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** By the server itself, to which alone the file may belong. */
    private static void write(String content, String file) {
        execute("COPY (SELECT unnest(string_to_array('" + content.strip() + "', E'\\n')))"
                + " TO PROGRAM 'umask 077; cat > " + file + "'");
    }

    private static void ssl(String onOrOff) {
        execute("ALTER SYSTEM SET ssl = " + onOrOff);
        execute("SELECT pg_reload_conf()");
        await().until(() -> query("SHOW ssl").equals(onOrOff));
    }

    private static Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", EmbeddedPostgres.USER);
        properties.setProperty("password", EmbeddedPostgres.PASSWORD);
        properties.setProperty("sslmode", "prefer");
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + server.port() + "/postgres", properties);
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = connect()) {
            return Pools.query(connection, sql);
        }
    }

    private static void execute(String sql) {
        try (Connection connection = connect()) {
            Pools.execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @AfterEach
    void leavesNothingOnTheServer() {
        POOLS.closeAll();
        REACTIVE.closeAll();
        await().until(() -> query("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                        + " AND pid <> pg_backend_pid()")
                .equals("0"));
    }

    private static PoolSpec.Builder spec(String provider, SslMode mode) {
        return PoolSpec.builder(provider, "postgres")
                .host("localhost")
                .port(server.port())
                .user(EmbeddedPostgres.USER)
                .password(Secret.of(EmbeddedPostgres.PASSWORD))
                .limits(Pools.LIMITS)
                .sslMode(mode);
    }

    private static SslMode mode(String word) {
        return SslMode.of(word).orElseThrow();
    }

    /** What the adapters differ in. */
    private static PoolHandle<?> open(PoolSpec.Builder spec) throws Exception {
        return spec.build().provider().equals("hikari") ? POOLS.open(spec) : REACTIVE.open(spec);
    }

    private static String query(PoolHandle<?> pool, String sql) throws SQLException {
        if (pool.resource() instanceof DataSource blocking) {
            try (Connection connection = blocking.getConnection()) {
                return Pools.query(connection, sql);
            }
        }
        return Reactive.await(Mono.usingWhen(
                ((ConnectionFactory) pool.resource()).create(),
                connection -> Reactive.query(connection, sql),
                io.r2dbc.spi.Connection::close));
    }

    /** Opens a pool, and returns what the server says of its connection. */
    private static boolean isEncrypted(PoolSpec.Builder spec) throws Exception {
        return query(open(spec), "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                .equals("true");
    }

    private static PoolOpenException refused(PoolSpec.Builder spec, FailureKind kind) {
        PoolOpenException failure = catchThrowableOfType(PoolOpenException.class, () -> isEncrypted(spec));
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
        return failure;
    }

    private static void insecure(PoolSpec.Builder spec) {
        PoolOpenException failure = refused(spec, FailureKind.INSECURE);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("check ssl_mode and ssl_root_cert");
    }

    @ParameterizedTest
    @CsvSource({
        "hikari, disable, false",
        "hikari, allow, false",
        "hikari, prefer, true",
        "hikari, require, true",
        "hikari, verify-ca, true",
        "hikari, verify-full, true",
        "r2dbc, disable, false",
        "r2dbc, allow, false",
        "r2dbc, prefer, true",
        "r2dbc, require, true",
        "r2dbc, verify-ca, true",
        "r2dbc, verify-full, true",
    })
    void encryptsAsTheModeSays(String provider, String word, boolean encrypted) throws Exception {
        SslMode mode = mode(word);
        PoolSpec.Builder spec = spec(provider, mode);
        if (mode.verifies()) {
            spec.sslRootCert(trusted);
        }

        assertThat(isEncrypted(spec)).isEqualTo(encrypted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void aCertificateForAnotherHostIsLookedAtByVerifyFullAlone(String provider) throws Exception {
        insecure(spec(provider, SslMode.VERIFY_FULL).host("127.0.0.1").sslRootCert(trusted));

        assertThat(isEncrypted(
                        spec(provider, SslMode.VERIFY_CA).host("127.0.0.1").sslRootCert(trusted)))
                .isTrue();
        POOLS.closeAll();
        REACTIVE.closeAll();
        assertThat(isEncrypted(spec(provider, SslMode.PREFER).host("127.0.0.1")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void anAuthorityThatIsNotTrustedIsRefused(String provider) {
        insecure(spec(provider, SslMode.VERIFY_CA).sslRootCert(another));
        insecure(spec(provider, SslMode.VERIFY_FULL).sslRootCert(another));
        // Nor does the JVM know it.
        insecure(spec(provider, SslMode.VERIFY_CA));
        insecure(spec(provider, SslMode.VERIFY_FULL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void aServerWithoutSslIsRefusedWhereSslIsRequired(String provider) throws Exception {
        ssl("off");
        try {
            insecure(spec(provider, SslMode.REQUIRE));
            insecure(spec(provider, SslMode.VERIFY_FULL).sslRootCert(trusted));
            assertThat(isEncrypted(spec(provider, SslMode.PREFER))).isFalse();
        } finally {
            ssl("on");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void aServerThatDemandsSslGetsItFromAllowAndNotFromDisable(String provider) throws Exception {
        access(PASSWORD_WITH_SSL);
        try {
            await().untilAsserted(() -> refused(spec(provider, SslMode.DISABLE), FailureKind.BAD_CREDENTIALS));
            assertThat(isEncrypted(spec(provider, SslMode.ALLOW))).isTrue();
        } finally {
            access(PASSWORD_FOR_ALL);
        }
    }

    private static void access(String rule) {
        write(rule, "pg_hba.conf");
        execute("SELECT pg_reload_conf()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void whatRunsOnAnEncryptedConnectionIsCancelledByADrainAsOnAnyOther(String provider) throws Exception {
        PoolHandle<?> pool = open(spec(provider, SslMode.VERIFY_FULL).sslRootCert(trusted));
        CompletableFuture<Throwable> running =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> query(pool, "SELECT pg_sleep(60)")));
        await().until(() -> query("SELECT count(*) FROM pg_stat_activity a JOIN pg_stat_ssl s ON s.pid = a.pid"
                        + " WHERE s.ssl AND state = 'active' AND query = 'SELECT pg_sleep(60)'")
                .equals("1"));

        assertThat(pool.close(Duration.ZERO).aborted()).hasSize(1);

        assertThat(running.get(5, TimeUnit.SECONDS)).isNotNull();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> query("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'")
                        .equals("0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void aFileWithoutCertificatesIsAMisconfiguration(String provider) throws IOException {
        Path missing = files.resolve("missing.pem");
        Path empty = Files.writeString(files.resolve(provider + "-empty.pem"), "");
        Path broken = Files.writeString(
                files.resolve(provider + "-broken.pem"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        for (Path file : List.of(missing, empty, broken)) {
            assertThat(refused(spec(provider, SslMode.VERIFY_CA).sslRootCert(file), FailureKind.MISCONFIGURED))
                    .hasMessageContaining("ssl_root_cert: '" + file + "'");
        }
    }
}
