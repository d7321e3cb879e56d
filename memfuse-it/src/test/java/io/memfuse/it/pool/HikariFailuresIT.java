package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.pool.Secret;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.FaultProxy;
import io.memfuse.it.fault.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Databases that cannot be used: a typed error, in time, and nothing left behind. */
@Timeout(60)
class HikariFailuresIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private PoolSpec.Builder spec() {
        return DATABASE.spec().limits(Pools.LIMITS.withTimeout(TIMEOUT));
    }

    @Nested
    class Opening {

        @AfterEach
        void leftNothingBehind() {
            assertThat(DATABASE.backends().count()).isZero();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("memfuse-hikari"));
        }

        @Test
        void ofAPortThatAcceptsAndNeverAnswers() throws IOException {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                PoolOpenException failure = fails(
                        spec().host(server.getInetAddress().getHostAddress()).port(server.getLocalPort()),
                        FailureKind.NO_ANSWER);

                assertThat(failure).hasMessageContaining("timed out");
            }
        }

        @Test
        void ofAPortThatRefuses() throws IOException {
            int port;
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = server.getLocalPort();
            }

            assertThat(fails(spec().host("127.0.0.1").port(port), FailureKind.UNREACHABLE))
                    .hasMessageContaining("refused");
        }

        @Test
        void ofAPortThatHangsUp() throws IOException {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CompletableFuture<Void> hangingUp = CompletableFuture.runAsync(() -> {
                    try {
                        server.accept().close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });

                PoolOpenException failure = catchThrowableOfType(
                        PoolOpenException.class,
                        () -> POOLS.open(spec().host("127.0.0.1").port(server.getLocalPort())));

                assertThat(failure.kind()).isIn(FailureKind.NO_ANSWER, FailureKind.UNREACHABLE);
                hangingUp.join();
            }
        }

        @Test
        void ofAHostThatNobodyKnows() {
            assertThat(fails(spec().host("no-such-host.invalid"), FailureKind.UNREACHABLE))
                    .hasMessageContaining("unknown host 'no-such-host.invalid'");
        }

        @Test
        void ofAHostThatIsNone() {
            assertThat(fails(spec().host("one,two"), FailureKind.MISCONFIGURED))
                    .hasMessageContaining("host 'one,two' is not one name or address");
        }

        @Test
        void withAWrongPassword() {
            String password = "needle-in-the-haystack";

            PoolOpenException failure = fails(spec().password(Secret.of(password)), FailureKind.BAD_CREDENTIALS);

            var everything = new StringWriter();
            failure.printStackTrace(new PrintWriter(everything));
            assertThat(everything.toString())
                    .contains("password authentication failed")
                    .doesNotContain(password);
        }

        @Test
        void withoutAPasswordThatTheServerAsksFor() {
            fails(spec().password(Secret.none()), FailureKind.BAD_CREDENTIALS);
        }

        @Test
        void ofADatabaseThatIsNotThere() {
            PoolSpec there = spec().build();
            PoolSpec.Builder missing = PoolSpec.builder("hikari", "no such database/?&")
                    .endpoints(there.endpoints())
                    .user(there.user())
                    .password(there.password());

            assertThat(fails(missing, FailureKind.UNKNOWN_DATABASE))
                    .hasMessageContaining("\"no such database/?&\" does not exist");
        }

        private PoolOpenException fails(PoolSpec.Builder spec, FailureKind kind) {
            long startNanos = System.nanoTime();
            PoolOpenException failure = catchThrowableOfType(PoolOpenException.class, () -> POOLS.open(spec));
            assertThat(failure).isNotNull();
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(3));
            return failure;
        }

        /** The server ends the session in the moment after its login; a minute of waiting would follow from believing in it. */
        @Test
        @Timeout(30)
        void ofAServerThatEndsTheFirstSessionAtOnceIsOverAtOnce() throws SQLException {
            var first = new AtomicBoolean(true);
            PoolListener killer = new PoolListener() {
                @Override
                public void connected(PoolKey<?> key, long tookNanos) {
                    if (first.compareAndSet(true, false)) {
                        DATABASE.backends().pids().forEach(DATABASE.backends()::terminate);
                        await().until(() -> DATABASE.backends().count() == 0);
                    }
                }
            };
            PoolSpec.Builder patient = DATABASE.spec().limits(Pools.LIMITS.withTimeout(Duration.ofMinutes(1)));

            PoolHandle<DataSource> pool;
            try {
                pool = POOLS.open(patient, killer);
            } catch (PoolOpenException e) {
                pool = POOLS.open(patient, killer); // To fail is one way; it must not take long.
            }

            try (Connection connection = pool.resource().getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
            pool.close(Duration.ZERO);
        }
    }

    @Nested
    class WarmingUp {

        @Test
        void keepsWhatThereIsWhenTheServerHasNoConnectionLeft() throws InterruptedException {
            String role = DATABASE.name() + "_role";
            DATABASE.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'postgres' CONNECTION LIMIT 2");
            PoolHandle<DataSource> pool =
                    POOLS.open(spec().user(role).password(Secret.of("postgres")).limits(Pools.LIMITS.withSizes(4, 4)));

            PoolOpenException failure =
                    catchThrowableOfType(PoolOpenException.class, () -> pool.warmUp(Duration.ofSeconds(10)));

            assertThat(failure.kind()).isEqualTo(FailureKind.TOO_MANY_CONNECTIONS);
            assertThat(DATABASE.backends().count()).isEqualTo(2);
            assertThat(pool.stats().total()).isEqualTo(2);
            pool.close(Duration.ZERO);
            DATABASE.execute("DROP ROLE " + role);
        }

        @Test
        void givesUpInTimeWhenTheServerFallsSilent() throws InterruptedException {
            try (var proxy = FaultProxy.before(DATABASE.server())) {
                PoolHandle<DataSource> pool = POOLS.open(spec().host(proxy.host())
                        .port(proxy.port())
                        .limits(Pools.LIMITS.withSizes(3, 3).withTimeout(Duration.ofSeconds(3))));
                proxy.be(Network.mute());

                PoolTimeoutException failure =
                        catchThrowableOfType(PoolTimeoutException.class, () -> pool.warmUp(Duration.ofMillis(300)));

                assertThat(failure).hasMessageContaining("only 1 of 3 connections");
                proxy.heal();
                pool.warmUp(Duration.ofSeconds(20));
                assertThat(pool.stats().total()).isEqualTo(3);
                pool.close(Duration.ZERO);
            }
        }
    }

    @Nested
    class Borrowing {

        @Test
        void saysWhyThereIsNoConnection() throws SQLException {
            try (var proxy = FaultProxy.before(DATABASE.server())) {
                PoolHandle<DataSource> pool = POOLS.open(spec().host(proxy.host())
                        .port(proxy.port())
                        .limits(Pools.LIMITS.withSizes(0, 2).withTimeout(TIMEOUT)));
                Connection held = pool.resource().getConnection();
                proxy.refuse();
                proxy.reset();

                SQLTransientConnectionException failure =
                        catchThrowableOfType(SQLTransientConnectionException.class, pool.resource()::getConnection);

                assertThat((Throwable) failure)
                        .hasMessageContaining("[MemFuse/PoolOpenFailed]")
                        .hasMessageContaining("refused")
                        .hasCauseInstanceOf(PoolOpenException.class);
                assertThat(failure.getSQLState()).isEqualTo("08001");
                held.close();
            }
        }
    }
}
