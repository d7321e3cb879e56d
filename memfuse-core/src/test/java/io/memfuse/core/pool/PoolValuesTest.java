package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolValuesTest {

    private static PoolSpec.Builder orders() {
        return PoolSpec.builder("hikari", "orders");
    }

    private static PoolKey<String> keyOf(PoolSpec.Builder spec) {
        return PoolKey.of(spec.build(), String.class);
    }

    @Nested
    class Keys {

        @ParameterizedTest
        @CsvSource({
            "LOCALHOST,localhost",
            "db.example.org.,db.example.org",
            "[::1],::1",
            "[FE80::1],fe80::1",
            "[FE80::1%enP1s0],fe80::1%enP1s0"
        })
        void areEqualHoweverTheHostIsSpelled(String spelled, String canonical) {
            PoolKey<String> key = keyOf(orders().host(spelled));
            assertThat(key)
                    .isEqualTo(keyOf(orders().host(canonical)))
                    .hasSameHashCodeAs(keyOf(orders().host(canonical)));
            assertThat(key.endpoints().first().host()).isEqualTo(canonical);
        }

        @Test
        void doNotDependOnThePasswordOrTheLimits() {
            assertThat(keyOf(orders().password(Secret.of("a")).limits(PoolLimits.DEFAULTS.withSizes(0, 1))))
                    .isEqualTo(keyOf(orders()));
        }

        @Test
        void differInEveryOtherPart() {
            PoolKey<String> key = keyOf(orders());
            assertThat(key)
                    .isNotEqualTo(keyOf(orders().host("other")))
                    .isNotEqualTo(keyOf(orders().port(1)))
                    .isNotEqualTo(keyOf(orders().user("other")))
                    .isNotEqualTo(keyOf(PoolSpec.builder("hikari", "other")))
                    .isNotEqualTo(keyOf(PoolSpec.builder("r2dbc", "orders")))
                    .isNotEqualTo(PoolKey.of(orders().build(), Integer.class));
        }

        @Test
        void readLikeAUrl() {
            assertThat(keyOf(orders())).hasToString("hikari://postgres@localhost:5432/orders");
            assertThat(keyOf(orders().host("::1"))).hasToString("hikari://postgres@[::1]:5432/orders");
        }
    }

    @Nested
    class Secrets {

        @Test
        void neverShowTheirText() {
            Secret secret = Secret.of("hunter2");
            assertThat(secret).hasToString("[secret]").hasSameHashCodeAs(Secret.of("other"));
            assertThat(secret.reveal()).isEqualTo("hunter2");
            assertThat(orders().password(secret).build().toString()).doesNotContain("hunter2");
        }

        @Test
        void areEqualByTheirText() {
            assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).isNotEqualTo(Secret.of("b"));
            assertThat(Secret.of("")).isSameAs(Secret.none());
            assertThat(Secret.none().isEmpty()).isTrue();
        }
    }

    @Nested
    class Specs {

        @Test
        void keepTheirServerSettingsWhateverHappensToTheMap() {
            Map<String, String> settings = new HashMap<>(Map.of("application_name", "a"));
            PoolSpec spec = orders().serverSettings(settings).build();
            settings.put("application_name", "b");
            assertThat(spec.serverSettings()).containsExactly(Map.entry("application_name", "a"));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, 65_536})
        void refuseAPortOutOfRange(int port) {
            assertThatThrownBy(() -> orders().port(port).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("port is " + port + "; accepted: 1 to 65535");
        }

        @Test
        void refuseAnEmptyName() {
            assertThatThrownBy(() -> orders().user(" ").build()).hasMessage("user is empty");
            assertThatThrownBy(() -> orders().host("").build()).hasMessage("host is empty");
            assertThatThrownBy(() -> PoolSpec.builder("hikari", "").build()).hasMessage("database is empty");
            assertThatThrownBy(() -> PoolSpec.builder("", "x").build()).hasMessage("provider is empty");
        }
    }

    @Nested
    class Limits {

        @Test
        void haveTheDefaultsOfTheFirstMemFuse() {
            assertThat(PoolLimits.DEFAULTS)
                    .isEqualTo(new PoolLimits(
                            5,
                            20,
                            50_000,
                            Duration.ofSeconds(300),
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(60),
                            Duration.ofMinutes(30)));
        }

        @Test
        void nameTheValueAndTheRangeTheyRefuse() {
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withSizes(-1, 5))
                    .hasMessage("min_size is -1; accepted: 0 or more");
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withSizes(0, 0))
                    .hasMessage("max_size is 0; accepted: 1 to 10000");
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withSizes(6, 5))
                    .hasMessage("min_size is 6; accepted: at most max_size, which is 5");
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withMaxQueries(-1))
                    .hasMessage("max_queries is -1; accepted: 0 (no limit) or more");
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withTimeout(Duration.ZERO))
                    .hasMessage("timeout is PT0S; accepted: more than 0");
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withCommandTimeout(Duration.ofSeconds(-1)))
                    .hasMessageStartingWith("command_timeout is");
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withMaxInactiveConnectionLifetime(Duration.ofSeconds(-1)))
                    .hasMessageStartingWith("max_inactive_connection_lifetime is");
            assertThatThrownBy(() -> PoolLimits.DEFAULTS.withMaxConnectionLifetime(Duration.ofSeconds(-1)))
                    .hasMessage("max_connection_lifetime is PT-1S; accepted: 0 (no limit) or more");
        }
    }

    /** What is null in spite of all promises is named. */
    @Nested
    @SuppressWarnings("NullAway")
    class Nulls {

        private static void isNamed(String name, ThrowingCallable action) {
            assertThatThrownBy(action).isInstanceOf(NullPointerException.class).hasMessage(name);
        }

        @Test
        void ofASpec() {
            isNamed("host", () -> orders().host(null).build());
            isNamed("password", () -> orders().password(null).build());
            isNamed("limits", () -> orders().limits(null).build());
            isNamed("serverSettings", () -> orders().serverSettings(null).build());
            isNamed("sslMode", () -> orders().sslMode(null));
            isNamed("sslRootCert", () -> orders().sslRootCert(null));
            PoolSpec spec = orders().build();
            isNamed(
                    "ssl",
                    () -> new PoolSpec(
                            "hikari",
                            Endpoints.of("db", 5432),
                            "orders",
                            "me",
                            spec.password(),
                            spec.limits(),
                            Map.of(),
                            null));
        }

        @Test
        void ofLimits() {
            isNamed("timeout", () -> PoolLimits.DEFAULTS.withTimeout(null));
            isNamed("command_timeout", () -> PoolLimits.DEFAULTS.withCommandTimeout(null));
        }

        @Test
        void ofEncryption() {
            isNamed("mode", () -> new SslSettings(null, Optional.empty()));
            isNamed("rootCert", () -> new SslSettings(SslMode.VERIFY_FULL, null));
        }
    }

    @Nested
    class Encryption {

        @Test
        void hasTheWordsOfPostgresOwnClients() {
            assertThat(SslMode.words()).isEqualTo("disable, allow, prefer, require, verify-ca, verify-full");
            assertThat(SslMode.of("verify-full")).contains(SslMode.VERIFY_FULL);
            assertThat(SslMode.of("VERIFY_FULL")).isEmpty();
        }

        @Test
        void isPreferredUnlessSet() {
            assertThat(orders().build().ssl()).isSameAs(SslSettings.DEFAULTS);
            assertThat(SslSettings.DEFAULTS.mode()).isEqualTo(SslMode.PREFER);
        }

        @Test
        void refusesCertificatesThatItWouldNotLookAt() {
            PoolSpec.Builder spec = orders().sslMode(SslMode.REQUIRE).sslRootCert(Path.of("ca.pem"));

            assertThatThrownBy(spec::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "ssl_root_cert is not looked at with ssl_mode require; accepted: verify-ca or verify-full");
        }

        @Test
        void isNoPartOfTheIdentity() {
            assertThat(keyOf(orders().sslMode(SslMode.REQUIRE))).isEqualTo(keyOf(orders()));
        }
    }

    @Nested
    class ReportsOfClosing {

        private DrainReport report(int aborted) {
            List<AbortedConnection> connections = new ArrayList<>();
            for (int i = 1; i <= aborted; i++) {
                connections.add(new AbortedConnection("pid " + i, Duration.ofSeconds(i)));
            }
            return new DrainReport(keyOf(orders()), connections, Duration.ofMillis(1500));
        }

        @Test
        void nameWhatWasCutOffAndForHowLongItWasLent() {
            assertThat(report(0).summary()).isEqualTo("drained and closed in 1.5 s");
            assertThat(report(1).summary())
                    .isEqualTo("closed in 1.5 s, 1 connection in use aborted: pid 1 (lent for 1.0 s)");
            assertThat(report(2).summary())
                    .isEqualTo("closed in 1.5 s, 2 connections in use aborted: pid 1 (lent for 1.0 s), pid 2"
                            + " (lent for 2.0 s)");
        }

        @Test
        void nameTenAndSayHowManyMore() {
            assertThat(report(13).aborted()).hasSize(13);
            assertThat(report(13).summary())
                    .contains("pid 10 (")
                    .doesNotContain("pid 11")
                    .endsWith(" and 3 more");
            assertThat(report(10).summary()).endsWith("pid 10 (lent for 10.0 s)");
        }
    }

    @Nested
    class Messages {

        private final PoolKey<String> key = keyOf(orders());

        @Test
        void sayThatThePoolIsExhaustedAndWhatToDo() {
            PoolTimeoutException failure = PoolTimeoutException.exhausted(
                    key, Duration.ofMillis(1500), new PoolStats(20, 20, 0, 3, 5, 20), null);
            assertThat(failure)
                    .hasMessage("[MemFuse/PoolExhausted] hikari://postgres@localhost:5432/orders: no connection became"
                            + " free within 1.5 s (total=20/20, active=20, idle=0, waiting=3); raise max_size, or look"
                            + " for connections that are held too long");
            assertThat(failure.waited()).isEqualTo(Duration.ofMillis(1500));
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.code()).isEqualTo("PoolExhausted");
            assertThat(failure.failure()).isEqualTo(PoolFailure.POOL_FULL);
            assertThat(failure.stats()).contains(new PoolStats(20, 20, 0, 3, 5, 20));
            assertThat(failure.lastConnectFailure()).isEmpty();
            assertThat(failure.nextAttemptIn()).isEmpty();
            assertThat(failure.holders()).isEmpty();
        }

        @Test
        void nameWhoHoldsTheConnectionsTheLongestFirstAndSayHowManyMore() {
            List<ConnectionHolder> holders = new ArrayList<>();
            holders.add(new ConnectionHolder(
                    "http-7",
                    Duration.ofSeconds(12),
                    List.of(new StackTraceElement("org.example.Orders", "load", "Orders.java", 42))));
            for (int i = 6; i > 0; i--) {
                holders.add(new ConnectionHolder("batch-" + i, Duration.ofSeconds(i), List.of()));
            }

            PoolTimeoutException failure = PoolTimeoutException.exhausted(
                    key, Duration.ofSeconds(1), new PoolStats(7, 7, 0, 0, 5, 7), holders, null);

            assertThat(failure)
                    .hasMessageContaining(
                            "held by 'http-7' for 12.0 s at org.example.Orders.load(Orders.java:42), 'batch-6'"
                                    + " for 6.0 s, ")
                    .hasMessageEndingWith("'batch-3' for 3.0 s and 2 more");
            assertThat(failure.holders()).isEqualTo(holders);
        }

        @Test
        void sayWhyABorrowerIsRefusedBeforeHisTimeIsUpAndWhenTheNextAttemptIs() {
            PoolOpenException attempt = PoolOpenException.attemptFailed(
                    key, FailureKind.UNREACHABLE, "refused", Duration.ofMillis(20), new ConnectException("refused"));
            var stats = new PoolStats(0, 0, 0, 3, 5, 20);

            PoolOpenException atOnce = attempt.refused(Duration.ZERO, stats, Duration.ofMillis(1500));
            PoolOpenException later = attempt.refused(Duration.ofMillis(20), stats, Duration.ZERO);

            assertThat(atOnce)
                    .hasMessage("[MemFuse/PoolOpenFailed] hikari://postgres@localhost:5432/orders: refused (total=0/20,"
                            + " active=0, idle=0, waiting=3): no connection is left, and the last attempt to connect"
                            + " failed: refused; next attempt in 1.5 s; check host and port, and that the server runs")
                    .hasCause(attempt);
            assertThat(atOnce.failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
            assertThat(atOnce.nextAttemptIn()).contains(Duration.ofMillis(1500));
            assertThat(later)
                    .hasMessageContaining("refused after 20 ms (total=")
                    .hasMessageContaining("; the next attempt is under way; ");
            assertThat(later.waited()).isEqualTo(Duration.ofMillis(20));
            assertThat(later.stats()).contains(stats);
            assertThat(later.lastConnectFailure()).contains(new ConnectFailure(FailureKind.UNREACHABLE, "refused"));
        }

        @Test
        void haveOneWordForEachReason() {
            PoolStats stats = PoolStats.NONE;
            assertThat(PoolClosedException.drained(key, Duration.ofSeconds(2), stats))
                    .hasMessageContaining("this pool drains: sent away after 2.0 s (total=0/0")
                    .returns(PoolFailure.DRAINING, PoolException::failure)
                    .returns(Duration.ofSeconds(2), PoolException::waited)
                    .returns(Optional.of(stats), PoolException::stats);
            assertThat(PoolClosedException.registryClosed(key).failure()).isEqualTo(PoolFailure.CLOSED);
            assertThat(PoolClosedException.removed(key).failure()).isEqualTo(PoolFailure.REMOVED);
            assertThat(new PoolConfigurationException(null, "no").failure()).isEqualTo(PoolFailure.MISCONFIGURED);
            assertThat(PoolTimeoutException.stillOpening(key, Duration.ZERO, Duration.ZERO)
                            .failure())
                    .isEqualTo(PoolFailure.OPENING);
            assertThat(new PoolInterruptedException(key, Duration.ofSeconds(1), stats, new InterruptedException()))
                    .hasMessageContaining("interrupted while waiting for a connection after 1.0 s (total=0/0")
                    .returns(PoolFailure.INTERRUPTED, PoolException::failure)
                    .returns(Duration.ofSeconds(1), PoolException::waited);
            PoolOpenException misconfigured =
                    PoolOpenException.attemptFailed(key, FailureKind.MISCONFIGURED, "x", Duration.ZERO, null);
            assertThat(misconfigured.failure()).isEqualTo(PoolFailure.MISCONFIGURED);
            assertThat(PoolTimeoutException.notWarm(key, Duration.ZERO, null, misconfigured))
                    .returns(PoolFailure.NOT_WARM, PoolException::failure)
                    .returns(
                            Optional.of(new ConnectFailure(FailureKind.MISCONFIGURED, "x")),
                            PoolException::lastConnectFailure);
        }

        @Test
        void outliveSerializationWithTheirReason() throws Exception {
            var bytes = new ByteArrayOutputStream();
            try (var out = new ObjectOutputStream(bytes)) {
                out.writeObject(PoolTimeoutException.exhausted(key, Duration.ofSeconds(1), PoolStats.NONE, null));
            }

            PoolException read;
            try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                read = (PoolException) in.readObject();
            }

            assertThat(read).hasMessageContaining("within 1.0 s");
            assertThat(read.failure()).isEqualTo(PoolFailure.POOL_FULL);
            assertThat(read.waited()).isZero();
            assertThat(read.stats()).isEmpty();
            assertThat(read.holders()).isEmpty();
        }

        @Test
        void sayForHowLongABorrowerWaitedForAConnectionThatCouldNotBeMadeAndInWhatState() {
            PoolOpenException attempt = PoolOpenException.attemptFailed(
                    key, FailureKind.UNREACHABLE, "refused", Duration.ofMillis(20), new ConnectException("refused"));

            PoolOpenException failure = attempt.forWaiter(Duration.ofMillis(1500), new PoolStats(2, 2, 0, 3, 5, 20));

            assertThat(failure)
                    .hasMessage("[MemFuse/PoolOpenFailed] hikari://postgres@localhost:5432/orders: no connection within"
                            + " 1.5 s (total=2/20, active=2, idle=0, waiting=3): could not connect: refused; check host"
                            + " and port, and that the server runs")
                    .hasCause(attempt);
            assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE);
            assertThat(failure.reason()).isEqualTo("refused");
            assertThat(failure.nextAttemptIn()).isEmpty();
        }

        @Test
        void tellWhetherARetryCanHelp() {
            assertThat(PoolClosedException.drained(key).retryable()).isTrue();
            assertThat(PoolClosedException.registryClosed(key).retryable()).isFalse();
            assertThat(new PoolConfigurationException(null, "no").retryable()).isFalse();
            assertThat(new PoolConfigurationException(null, "no")).hasMessage("[MemFuse/PoolMisconfigured] no");
            assertThat(PoolOpenException.attemptFailed(key, FailureKind.MISCONFIGURED, "x", Duration.ZERO, null)
                            .retryable())
                    .isFalse();
        }
    }
}
