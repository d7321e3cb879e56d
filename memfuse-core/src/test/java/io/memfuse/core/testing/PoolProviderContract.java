package io.memfuse.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.ConnectGate;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolFailure;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolLease;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.testing.PoolUnderTest.Borrowed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The promises of the SPI that an adapter can break, as tests on a real PostgreSQL: an adapter extends this class, and passes.
 * The document "Write your own provider" walks through it.
 *
 * @param <R> what callers use of a pool
 */
@Timeout(60)
public abstract class PoolProviderContract<R> {

    private static final PoolLimits LIMITS = PoolLimits.DEFAULTS.withSizes(1, 4).withTimeout(Duration.ofSeconds(10));

    private final PoolUnderTest<R> tested;
    private final ContractPools<R> pools;

    protected PoolProviderContract(PoolUnderTest<R> tested) {
        this.tested = tested;
        this.pools = new ContractPools<>(tested);
    }

    @AfterEach
    void leavesNothingOnTheServer() {
        pools.close();
        await().untilAsserted(() -> assertThat(tested.backends()).isEmpty());
    }

    private PoolHandle<R> open(PoolLimits limits) throws Exception {
        return pools.open(tested.spec().limits(limits));
    }

    private Borrowed borrow(PoolHandle<R> pool) throws Exception {
        return tested.borrow(pool.resource());
    }

    private int backend(PoolHandle<R> pool) throws Exception {
        try (Borrowed connection = borrow(pool)) {
            return backend(connection);
        }
    }

    private static int backend(Borrowed connection) throws Exception {
        return Integer.parseInt(connection.query("SELECT pg_backend_pid()"));
    }

    private List<Borrowed> borrow(PoolHandle<R> pool, int count) throws Exception {
        List<Borrowed> borrowed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            borrowed.add(borrow(pool));
        }
        return borrowed;
    }

    private static void giveBack(List<Borrowed> borrowed) {
        borrowed.forEach(Borrowed::close);
    }

    private void awaitBackends(int count) {
        await().untilAsserted(() -> assertThat(tested.backends()).hasSize(count));
    }

    // Opening.

    @Test
    void aPoolThatIsOpenHasAConnectionThatWorks() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(0, 4));

        assertThat(tested.backends()).hasSize(1);
        assertThat(pool.stats().total()).isEqualTo(1);
        assertThat(backend(pool)).isIn(tested.backends());
    }

    @Test
    void aRefusedPasswordIsReportedAndNeverShown() {
        String password = "needle-in-the-haystack";

        PoolOpenException failure =
                fails(tested.spec().limits(LIMITS).password(Secret.of(password)), FailureKind.BAD_CREDENTIALS);

        var everything = new StringWriter();
        failure.printStackTrace(new PrintWriter(everything));
        assertThat(everything.toString()).doesNotContain(password);
    }

    @Test
    void aPasswordThatIsMissingIsReportedAsRefused() {
        fails(tested.spec().limits(LIMITS).password(Secret.none()), FailureKind.BAD_CREDENTIALS);
    }

    @Test
    void anUnknownDatabaseIsReported() {
        PoolSpec there = tested.spec().build();
        fails(
                PoolSpec.builder(there.provider(), "no such database/?&")
                        .endpoints(there.endpoints())
                        .user(there.user())
                        .password(there.password())
                        .limits(LIMITS),
                FailureKind.UNKNOWN_DATABASE);
    }

    @Test
    void anUnknownHostIsReported() {
        fails(tested.spec().limits(LIMITS).host("no-such-host.invalid"), FailureKind.UNREACHABLE);
    }

    @Test
    void aHostThatRefusesIsReported() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        fails(tested.spec().limits(LIMITS).host("127.0.0.1").port(port), FailureKind.UNREACHABLE);
    }

    @Test
    void aHostThatNeverAnswersIsGivenUpInTime() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fails(
                    tested.spec()
                            .limits(LIMITS.withTimeout(Duration.ofSeconds(1)))
                            .host(server.getInetAddress().getHostAddress())
                            .port(server.getLocalPort()),
                    FailureKind.NO_ANSWER);
        }
    }

    @Test
    void aSettingThatTheServerDoesNotKnowIsAMisconfiguration() {
        PoolOpenException failure = fails(
                tested.spec().limits(LIMITS).serverSettings(Map.of("wrok_mem", "5MB")), FailureKind.MISCONFIGURED);

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("wrok_mem");
    }

    private PoolOpenException fails(PoolSpec.Builder spec, FailureKind kind) {
        long startNanos = System.nanoTime();
        PoolOpenException failure = catchThrowableOfType(PoolOpenException.class, () -> pools.open(spec));
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(4));
        return failure;
    }

    /** Returns what the technology's own exception explains, whose message has the same words. */
    private static PoolException why(@Nullable Throwable failure, PoolFailure expected) {
        assertThat(failure).as("nobody failed").isNotNull();
        Throwable cause = Objects.requireNonNull(failure).getCause();
        assertThat(cause).isInstanceOf(PoolException.class);
        PoolException why = (PoolException) Objects.requireNonNull(cause);
        assertThat(failure).hasMessage(why.getMessage());
        assertThat(why.failure()).as(why.getMessage()).isEqualTo(expected);
        return why;
    }

    // Settings.

    @Test
    void warmingFillsToMinSize() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(3, 4));

        pool.warmUp(Duration.ofSeconds(10));

        assertThat(pool.stats().total()).isEqualTo(3);
        assertThat(tested.backends()).hasSize(3);
    }

    @Test
    void nobodyGetsMoreThanMaxSizeAndWhoWaitsInVainIsToldWhy() throws Exception {
        var listener = new RecordingListener();
        PoolHandle<R> pool =
                pools.open(tested.spec().limits(LIMITS.withSizes(0, 2).withTimeout(Duration.ofMillis(500))), listener);
        List<Borrowed> all = borrow(pool, 2);

        Throwable failure = catchThrowable(() -> borrow(pool));

        assertThat(failure)
                .isInstanceOf(tested.exceptionType())
                .hasMessageContaining("[MemFuse/PoolExhausted] " + pools.key())
                .hasMessageContaining("(total=2/2, active=2, idle=0, waiting=0)");
        PoolException why = why(failure, PoolFailure.POOL_FULL);
        assertThat(why.waited()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
        assertThat(why.stats()).contains(new PoolStats(2, 2, 0, 0, 0, 2));
        assertThat(why.lastConnectFailure()).isEmpty();
        assertThat(why.holders()).isEmpty();
        assertThat(tested.backends()).hasSize(2);
        giveBack(all);
        assertThat(listener.events())
                .containsExactlyInAnyOrder(
                        "connected", "acquired", "connected", "acquired", "timedOut", "released", "released");
    }

    @Test
    void whoWaitsIsServedByWhatIsGivenBack() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1));
        Borrowed only = borrow(pool);
        assertThat(pool.stats().oldestWaiterAge()).isZero();
        long startNanos = System.nanoTime();
        CompletableFuture<Integer> waiter = async(() -> backend(pool));
        await().until(() -> pool.stats().waiting() == 1);
        Duration age = pool.stats().oldestWaiterAge();
        assertThat(age).isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - startNanos));

        int backend = backend(only);
        only.close();

        assertThat(waiter.get(5, TimeUnit.SECONDS)).isEqualTo(backend);
        assertThat(pool.stats().oldestWaiterAge()).isZero();
    }

    @Test
    void eachConnectionThatIsHandedOutIsCounted() throws Exception {
        var loans = new LoanCounter();
        PoolHandle<R> pool = pools.openCounting(
                loans, tested.spec().limits(LIMITS.withSizes(0, 2).withTimeout(Duration.ofMillis(300))));
        assertThat(loans.sum()).isZero();

        List<Borrowed> both = borrow(pool, 2);
        assertThat(loans.sum()).isEqualTo(2);
        assertThat(catchThrowable(() -> borrow(pool))).isInstanceOf(tested.exceptionType());
        assertThat(loans.sum()).as("who gets none is not counted").isEqualTo(2);

        both.get(0).close();
        borrow(pool).close();
        assertThat(loans.sum()).isEqualTo(3);

        tested.terminate(backend(both.get(1)));
        both.get(1).close();
        borrow(pool).close();
        assertThat(loans.sum()).as("those of connections that are gone too").isEqualTo(4);

        pool.close(Duration.ZERO);
        assertThat(loans.sum()).isEqualTo(4);
    }

    @Test
    void aConnectionIsReplacedAfterMaxQueriesWhenItIsGivenBack() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1).withMaxQueries(3));
        int first;
        try (Borrowed connection = borrow(pool)) {
            first = backend(connection);
            for (int i = 0; i < 5; i++) {
                assertThat(backend(connection)).isEqualTo(first);
            }
        }

        assertThat(backend(pool)).isNotEqualTo(first);
        await().untilAsserted(() -> assertThat(tested.backends()).hasSize(1).doesNotContain(first));
    }

    @Test
    void theServerCancelsAStatementAfterCommandTimeout() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1).withCommandTimeout(Duration.ofMillis(300)));
        try (Borrowed connection = borrow(pool)) {
            int backend = backend(connection);

            assertThatThrownBy(() -> connection.execute("SELECT pg_sleep(60)"))
                    .hasMessageContaining("statement timeout");

            assertThat(backend(connection)).isEqualTo(backend);
        }
    }

    @Test
    void everySessionStartsWithTheServerSettings() throws Exception {
        PoolHandle<R> pool = pools.open(tested.spec()
                .limits(LIMITS)
                .serverSettings(Map.of(
                        "application_name", "the orders' own",
                        "search_path", "\"a b\", public",
                        "TimeZone", "Asia/Kathmandu",
                        "memfuse.note", "back\\slash and\ttab")));
        try (Borrowed connection = borrow(pool)) {
            assertThat(connection.query("SHOW application_name")).isEqualTo("the orders' own");
            assertThat(connection.query("SHOW search_path")).isEqualTo("\"a b\", public");
            assertThat(connection.query("SHOW TimeZone")).isEqualTo("Asia/Kathmandu");
            assertThat(connection.query("SHOW memfuse.note")).isEqualTo("back\\slash and\ttab");
        }
    }

    @Test
    void whatLiesIdleBeyondMinSizeIsClosedInTime() throws Exception {
        Duration lifetime = tested.shortestInactiveLifetime();
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 3).withMaxInactiveConnectionLifetime(lifetime));
        giveBack(borrow(pool, 3));

        await().atMost(lifetime.multipliedBy(2).plusSeconds(5))
                .untilAsserted(() -> assertThat(tested.backends()).hasSize(1));
        assertThat(pool.stats().total()).isEqualTo(1);
    }

    /** In a hurry, for some pools know no lifetime below half a minute. */
    @Test
    void whatIsOldIsReplacedIdleOnesInTheBackgroundLentOnesWhenTheyComeBack() throws Exception {
        Duration limit = tested.shortestLifetime();
        Duration lifetime = limit.dividedBy(HurriedTime.FACTOR);
        PoolHandle<R> pool = pools.openInAHurry(tested.spec()
                .limits(LIMITS.withSizes(3, 4)
                        .withTimeout(Duration.ofSeconds(60))
                        .withMaxConnectionLifetime(limit)));
        pool.warmUp(Duration.ofSeconds(10));
        Borrowed held = borrow(pool);
        int old = backend(held);
        Set<Integer> idle = new HashSet<>(tested.backends());
        idle.remove(old);

        await().atMost(lifetime.plusSeconds(10))
                .untilAsserted(() -> assertThat(tested.backends())
                        .hasSizeGreaterThanOrEqualTo(3)
                        .doesNotContainAnyElementsOf(idle));
        awaitAge(old, lifetime.plusMillis(100));

        assertThat(backend(held)).isEqualTo(old);
        held.close();
        await().untilAsserted(() -> assertThat(tested.backends()).doesNotContain(old));
        await().untilAsserted(() -> assertThat(pool.stats().idle()).isGreaterThanOrEqualTo(3));
    }

    /** By the server's clock. */
    private void awaitAge(int backend, Duration age) {
        String isSoOld = "SELECT clock_timestamp() - backend_start >= interval '" + age.toMillis() + " ms'"
                + " FROM pg_stat_activity WHERE pid = " + backend;
        await().atMost(age.plusSeconds(10)).until(() -> tested.query(isSoOld).startsWith("t"));
    }

    // Nothing of one borrower reaches the next.

    /** What a borrower does to a connection. */
    private interface Use {
        void of(Borrowed connection) throws Exception;
    }

    private void leavesNothing(Use use) throws Exception {
        tested.execute("CREATE TABLE IF NOT EXISTS contract (n int); TRUNCATE contract");
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1));
        int backend;
        try (Borrowed connection = borrow(pool)) {
            backend = backend(connection);
            use.of(connection);
        }
        assertThat(tested.query("SELECT count(*) FROM pg_locks WHERE relation = 'contract'::regclass"))
                .isEqualTo("0");
        try (Borrowed next = borrow(pool)) {
            assertThat(backend(next)).isEqualTo(backend);
            assertThat(next.query("SHOW transaction_isolation")).isEqualTo("read committed");
            next.execute("INSERT INTO contract VALUES (0)");
        }
        assertThat(tested.query("SELECT string_agg(n::text, ',') FROM contract"))
                .isEqualTo("0");
    }

    @Test
    void aTransactionThatWasBegunByTheApiIsRolledBack() throws Exception {
        leavesNothing(connection -> {
            connection.begin();
            connection.execute("INSERT INTO contract VALUES (1)");
        });
    }

    @Test
    void aTransactionThatWasBegunBySqlIsRolledBack() throws Exception {
        leavesNothing(connection -> {
            connection.execute("BEGIN");
            connection.execute("INSERT INTO contract VALUES (1)");
        });
    }

    @Test
    void aTransactionThatWasBegunBySavepointIsRolledBack() throws Exception {
        leavesNothing(connection -> {
            connection.savepoint("here");
            connection.execute("INSERT INTO contract VALUES (1)");
        });
    }

    @Test
    void aTransactionThatFailedIsRolledBack() throws Exception {
        leavesNothing(connection -> {
            connection.begin();
            connection.execute("INSERT INTO contract VALUES (1)");
            assertThat(catchThrowable(() -> connection.execute("SELECT 1 / 0"))).isNotNull();
        });
    }

    @Test
    void anIsolationLevelIsRestored() throws Exception {
        leavesNothing(connection -> {
            connection.beSerializable();
            assertThat(connection.query("SHOW transaction_isolation")).isEqualTo("serializable");
        });
    }

    @Test
    void theIsolationLevelOfATransactionThatIsLeftOpenIsRestored() throws Exception {
        leavesNothing(connection -> {
            connection.beginSerializable();
            connection.execute("INSERT INTO contract VALUES (1)");
        });
    }

    @Test
    void theIsolationLevelOfATransactionThatWasEndedBySqlIsRestored() throws Exception {
        leavesNothing(connection -> {
            connection.beginSerializable();
            assertThat(connection.query("SHOW transaction_isolation")).isEqualTo("serializable");
            connection.execute("COMMIT");
        });
    }

    @Test
    void anIsolationLevelThatWasChangedWithinATransactionIsRestored() throws Exception {
        leavesNothing(connection -> {
            connection.beginSerializable();
            connection.execute("COMMIT");
            connection.beSerializable();
            connection.execute("COMMIT");
        });
    }

    @Test
    void aConnectionThatTheServerEndedIsNotLentAgain() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(2, 2));
        pool.warmUp(Duration.ofSeconds(10));
        Set<Integer> before = tested.backends();

        before.forEach(tested::terminate);
        // What was used just now may be lent unseen, by HikariCP for half a second.
        await().pollDelay(Duration.ofMillis(600))
                .untilAsserted(() -> assertThat(tested.backends()).doesNotContainAnyElementsOf(before));

        assertThat(backend(pool)).isNotIn(before);
    }

    @Test
    void aServerThatEndsEveryConnectionIsGotOver() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(2, 4));
        List<Borrowed> held = borrow(pool, 2);
        giveBack(borrow(pool, 2));
        Set<Integer> before = tested.backends();
        assertThat(before).hasSize(4);

        before.forEach(tested::terminate);
        List<CompletableFuture<Throwable>> next = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            next.add(async(() -> catchThrowable(() -> backend(pool))));
        }

        // What was used just now may be lent unseen; whoever gets it is told in the technology's own words.
        for (CompletableFuture<Throwable> one : next) {
            Throwable failure = one.get(15, TimeUnit.SECONDS);
            assertThat(failure == null || tested.exceptionType().isInstance(failure))
                    .as("what the next borrower met: %s", failure)
                    .isTrue();
        }
        assertThat(held)
                .allSatisfy(
                        dead -> assertThatThrownBy(() -> dead.query("SELECT 1")).isInstanceOf(tested.exceptionType()));
        giveBack(held);
        await().ignoreExceptions().untilAsserted(() -> {
            List<Borrowed> all = borrow(pool, 4);
            for (Borrowed connection : all) {
                assertThat(backend(connection)).isNotIn(before);
            }
            assertThat(pool.stats().active()).isEqualTo(4);
            giveBack(all);
        });
        await().untilAsserted(() -> {
            assertThat(pool.stats().active()).isZero();
            assertThat(pool.stats().waiting()).isZero();
            assertThat(pool.stats().total()).isEqualTo(tested.backends().size());
        });
    }

    // Sizes.

    @Test
    void shrinkingClosesWhatIsIdleAtOnceAndTheRestWhenItComesBack() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(0, 6));
        List<Borrowed> held = borrow(pool, 3);
        giveBack(borrow(pool, 3));

        pool.resize(0, 2);

        awaitBackends(3);
        giveBack(held);
        awaitBackends(2);
        assertThat(pool.stats().maxSize()).isEqualTo(2);
    }

    @Test
    void growingTakesEffectWithTheNextNeed() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1));

        pool.resize(1, 3);

        giveBack(borrow(pool, 3));
    }

    @Test
    void anotherTimeoutHoldsForWhoeverAsksFromThenOn() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1).withTimeout(Duration.ofSeconds(30)));
        try (Borrowed held = borrow(pool)) {
            pool.setTimeout(Duration.ofSeconds(5));

            long startNanos = System.nanoTime();
            assertThatThrownBy(() -> borrow(pool)).hasStackTraceContaining("[MemFuse/PoolExhausted]");
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .isBetween(Duration.ofMillis(4_900), Duration.ofSeconds(15));
            held.query("SELECT 1");
        }
        borrow(pool).close();
    }

    @Test
    void sizesThatAreNoneAreRefused() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 2));

        assertThatThrownBy(() -> pool.resize(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(pool.stats().maxSize()).isEqualTo(2);
    }

    @Test
    void whatIsIdleBeyondTheMinimumIsEvicted() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 5));
        try (Borrowed held = borrow(pool)) {
            giveBack(borrow(pool, 4));

            pool.evictIdle();

            awaitBackends(2);
            assertThat(backend(held)).isIn(tested.backends());
        }
    }

    @Test
    void everyConnectionIsReplacedTheBorrowedOnesWhenTheyComeBack() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(3, 3));
        pool.warmUp(Duration.ofSeconds(10));
        Set<Integer> before = tested.backends();
        try (Borrowed held = borrow(pool)) {
            int backend = backend(held);

            pool.softEvict();

            assertThat(backend(held)).isEqualTo(backend);
        }
        await().untilAsserted(() -> assertThat(tested.backends()).hasSize(3).doesNotContainAnyElementsOf(before));
    }

    // Closing.

    @Test
    void aPoolThatDrainsRefusesWhoAsksSendsAwayWhoWaitsAndWaitsForWhoHolds() throws Exception {
        PoolHandle<R> pool = pools.open(
                tested.spec().limits(LIMITS.withSizes(1, 1).withTimeout(Duration.ofSeconds(30))),
                new RecordingListener());
        Borrowed held = borrow(pool);
        CompletableFuture<Throwable> waiter = async(() -> catchThrowable(() -> borrow(pool)));
        await().until(() -> pool.stats().waiting() == 1);

        CompletableFuture<DrainReport> closing = async(() -> pool.close(Duration.ofSeconds(30)));

        PoolException sentAway = why(waiter.get(5, TimeUnit.SECONDS), PoolFailure.DRAINING);
        assertThat(sentAway.waited()).isPositive();
        assertThat(sentAway.stats()).isPresent();
        PoolException refused = why(catchThrowable(() -> borrow(pool)), PoolFailure.DRAINING);
        assertThat(refused.stats())
                .hasValueSatisfying(stats -> assertThat(stats.active()).isEqualTo(1));
        assertThat(held.query("SELECT 'still there'")).isEqualTo("still there");
        assertThat(closing).isNotDone();
        held.close();
        DrainReport report = closing.get(5, TimeUnit.SECONDS);
        assertThat(report.drained()).isTrue();
        assertThat(pool.close(Duration.ZERO)).isSameAs(report);
    }

    @Test
    void whoHoldsOnBeyondTheDeadlineIsCutOffAndReported() throws Exception {
        var listener = new RecordingListener();
        PoolHandle<R> pool = pools.open(tested.spec().limits(LIMITS.withSizes(0, 1)), listener);
        Borrowed held = borrow(pool);
        String pid = held.query("SELECT pg_backend_pid()");
        String port = held.query("SELECT inet_client_port()");
        CompletableFuture<Throwable> running = async(() -> catchThrowable(() -> held.execute("SELECT pg_sleep(60)")));
        await().until(() -> tested.query("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)'"
                        + " AND state = 'active' AND datname = current_database() AND pid <> pg_backend_pid()")
                .equals("1"));

        DrainReport report = pool.close(Duration.ofMillis(100));

        assertThat(report.aborted()).singleElement().satisfies(aborted -> {
            assertThat(aborted.name()).containsPattern("\\b(" + pid + "|" + port + ")\\b");
            assertThat(aborted.lentFor()).isBetween(Duration.ofMillis(100), Duration.ofSeconds(20));
        });
        assertThat(report.took()).isBetween(Duration.ofMillis(100), Duration.ofSeconds(3));
        assertThat(running.get(5, TimeUnit.SECONDS)).isNotNull();
        awaitBackends(0);
        held.close();
        assertThat(listener.events()).containsExactly("connected", "acquired", "released");
    }

    @Test
    void whoWaitsIsSentAwayAlsoWhenThereIsNoTimeToDrain() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1).withTimeout(Duration.ofSeconds(30)));
        Borrowed held = borrow(pool);
        CompletableFuture<Throwable> first = async(() -> catchThrowable(() -> borrow(pool)));
        CompletableFuture<Throwable> second = async(() -> catchThrowable(() -> borrow(pool)));
        await().until(() -> pool.stats().waiting() == 2);

        assertThat(pool.close(Duration.ZERO).aborted()).hasSize(1);

        why(first.get(5, TimeUnit.SECONDS), PoolFailure.DRAINING);
        why(second.get(5, TimeUnit.SECONDS), PoolFailure.DRAINING);
        held.close();
    }

    @Test
    void anInterruptEndsTheWaitingAndNotTheClosing() throws Exception {
        PoolHandle<R> pool = open(LIMITS.withSizes(1, 1));
        Borrowed held = borrow(pool);
        Thread.currentThread().interrupt();

        DrainReport report = pool.close(Duration.ofSeconds(30));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.aborted()).hasSize(1);
        awaitBackends(0);
        held.close();
    }

    // Observing.

    @Test
    void aListenerHearsOfEachLoanOnce() throws Exception {
        var listener = new RecordingListener();
        PoolHandle<R> pool = pools.open(tested.spec().limits(LIMITS.withSizes(0, 1)), listener);

        borrow(pool).close();

        assertThat(listener.events()).containsExactly("connected", "acquired", "released");
        assertThat(pool.stats().active()).isZero();
    }

    @Test
    void aListenerHearsWhyAFirstLoginFails() {
        var listener = new RecordingListener();

        PoolOpenException failure = catchThrowableOfType(
                PoolOpenException.class,
                () -> pools.open(tested.spec().limits(LIMITS).password(Secret.of("wrong")), listener));

        assertThat(failure).isNotNull();
        assertThat(listener.events()).containsExactly("connectFailed");
        assertThat(kinds(listener)).containsExactly(failure.kind()).containsExactly(FailureKind.BAD_CREDENTIALS);
    }

    @Test
    void aListenerHearsWhyLoginsOfAPoolThatRunsFailAndOfWhoWaitedForThem() throws Exception {
        String role = "contract_" + ProcessHandle.current().pid();
        tested.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'contract' CONNECTION LIMIT 1");
        var listener = new RecordingListener();
        try {
            PoolHandle<R> pool = pools.open(
                    tested.spec()
                            .user(role)
                            .password(Secret.of("contract"))
                            .limits(LIMITS.withSizes(0, 2).withTimeout(Duration.ofSeconds(1))),
                    listener);
            try (Borrowed held = borrow(pool)) {
                Throwable failure = catchThrowable(() -> borrow(pool));

                assertThat(failure).isInstanceOf(tested.exceptionType());
                PoolException why = why(failure, PoolFailure.DATABASE_DOWN);
                assertThat(why.waited()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
                assertThat(why.stats()).contains(new PoolStats(1, 1, 0, 0, 0, 2));
                assertThat(why.lastConnectFailure())
                        .hasValueSatisfying(
                                last -> assertThat(last.kind()).isEqualTo(FailureKind.TOO_MANY_CONNECTIONS));
                assertThat(held.query("SELECT 'still there'")).isEqualTo("still there");
            }
        } finally {
            pools.close();
            tested.execute("DROP ROLE " + role);
        }
        assertThat(listener.events())
                .startsWith("connected", "acquired", "connectFailed")
                .containsOnlyOnce("connected", "acquired", "timedOut", "released");
        assertThat(kinds(listener)).containsOnly(FailureKind.TOO_MANY_CONNECTIONS);
    }

    @Test
    void aPoolWithoutAConnectionWhoseDatabaseLetsNobodyInRefusesAtOnceAndRecoversByItself() throws Exception {
        String role = "contract_down_" + ProcessHandle.current().pid();
        tested.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'contract'");
        var listener = new RecordingListener();
        try {
            PoolHandle<R> pool = pools.open(
                    tested.spec()
                            .user(role)
                            .password(Secret.of("contract"))
                            .limits(LIMITS.withSizes(0, 2).withTimeout(Duration.ofSeconds(30))),
                    listener);
            tested.execute("ALTER ROLE " + role + " NOLOGIN");
            pool.softEvict();
            awaitBackends(0);

            long startNanos = System.nanoTime();
            PoolException first = why(catchThrowable(() -> borrow(pool)), PoolFailure.DATABASE_DOWN);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(2));
            assertThat(first.lastConnectFailure()).isPresent();
            assertThat(first.stats())
                    .hasValueSatisfying(stats -> assertThat(stats.active()).isZero());
            long againNanos = System.nanoTime();
            PoolException second = why(catchThrowable(() -> borrow(pool)), PoolFailure.DATABASE_DOWN);
            assertThat(Duration.ofNanos(System.nanoTime() - againNanos)).isLessThan(Duration.ofSeconds(1));
            assertThat(second.nextAttemptIn())
                    .hasValueSatisfying(next -> assertThat(next).isLessThanOrEqualTo(Duration.ofSeconds(5)));
            assertThat(listener.events())
                    .containsSubsequence("connectFailed", "refused", "refused")
                    .doesNotContain("timedOut", "acquired");

            tested.execute("ALTER ROLE " + role + " LOGIN");

            // Nobody asks meanwhile.
            awaitBackends(1);
            assertThat(backend(pool)).isIn(tested.backends());
        } finally {
            pools.close();
            tested.execute("DROP ROLE " + role);
        }
    }

    private static List<FailureKind> kinds(RecordingListener listener) {
        return listener.connectFailures().stream()
                .map(failure -> ((PoolOpenException) failure).kind())
                .toList();
    }

    @Test
    void aListenerHearsOfWhoWaitsInVainForThePoolAfterOneThatDrains() throws Exception {
        var listener = new RecordingListener();
        PoolHandle<R> pool =
                pools.open(tested.spec().limits(LIMITS.withSizes(0, 1).withTimeout(Duration.ofSeconds(1))), listener);
        R durable = tested.provider().durable(new ReplacedRoute<>(pools.key(), pool.resource()));
        try (Borrowed held = tested.borrow(durable)) {
            CompletableFuture<Throwable> waiter = async(() -> catchThrowable(() -> tested.borrow(durable)));
            await().until(() -> pool.stats().waiting() == 1);

            pool.close(Duration.ZERO);

            Throwable failure = waiter.get(10, TimeUnit.SECONDS);
            assertThat(failure).isInstanceOf(tested.exceptionType());
            assertThat(why(failure, PoolFailure.OPENING).waited())
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
            assertThat(held).isNotNull();
        }
        assertThat(listener.events()).containsExactly("connected", "acquired", "released", "timedOut");
    }

    @Test
    void aListenerHearsOfADrainOnceForEachConnectionAndNotOfWhoIsSentAway() throws Exception {
        var listener = new RecordingListener();
        try (PoolRegistry registry = PoolRegistry.builder()
                .provider(tested.provider())
                .listener(listener)
                .build()) {
            PoolKey<R> key = registry.register(
                    tested.spec().limits(LIMITS.withSizes(2, 2)).build(),
                    tested.provider().resourceType());
            R resource;
            try (PoolLease<R> lease = registry.lease(key)) {
                resource = lease.resource();
            }
            Borrowed prompt = tested.borrow(resource);
            Borrowed late = tested.borrow(resource);
            CompletableFuture<Throwable> waiter = async(() -> catchThrowable(() -> tested.borrow(resource)));
            await().until(() -> registry.snapshot(key).stats().waiting() == 1);

            CompletableFuture<List<DrainReport>> closing = async(() -> registry.close(Duration.ofSeconds(1)));
            assertThat(waiter.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> tested.borrow(resource)).hasCauseInstanceOf(PoolClosedException.class);
            why(catchThrowable(() -> tested.borrow(registry.durable(key))), PoolFailure.CLOSED);
            prompt.close();
            List<DrainReport> reports = closing.get(10, TimeUnit.SECONDS);
            late.close();

            assertThat(reports)
                    .singleElement()
                    .satisfies(report -> assertThat(report.aborted()).hasSize(1));
            assertThat(listener.events())
                    .containsExactlyInAnyOrder(
                            "opened",
                            "connected",
                            "connected",
                            "acquired",
                            "acquired",
                            "released",
                            "released",
                            "closed")
                    .endsWith("closed");
        }
    }

    // Who holds what.

    @Test
    void whoWaitsInVainIsToldWhoHoldsTheConnectionsAndALeakIsReportedOnce() throws Exception {
        var listener = new RecordingListener();
        PoolHandle<R> pool = pools.openTracking(
                HolderTracking.all().withLeakThreshold(Duration.ofMillis(200)),
                tested.spec().limits(LIMITS.withSizes(0, 1).withTimeout(Duration.ofSeconds(1))),
                listener);
        borrow(pool).close();
        Borrowed held = borrow(pool);

        Throwable failure = catchThrowable(() -> borrow(pool));

        PoolException why = why(failure, PoolFailure.POOL_FULL);
        assertThat(why.holders()).singleElement().satisfies(holder -> {
            assertThat(holder.name()).isNotBlank();
            assertThat(holder.heldFor()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
            assertThat(holder.takenAt()).isPresent();
        });
        assertThat(why).hasMessageContaining("held by '" + why.holders().get(0).name() + "' for 1.");
        held.close();
        borrow(pool).close();
        assertThat(listener.events())
                .containsExactly(
                        "connected",
                        "acquired",
                        "released",
                        "acquired",
                        "leaked",
                        "timedOut",
                        "released",
                        "acquired",
                        "released");
    }

    // Probing.

    @Test
    void aProbeOfADatabaseThatAnswersTouchesNothingOfThePool() throws Exception {
        var listener = new RecordingListener();
        PoolHandle<R> pool = pools.open(tested.spec().limits(LIMITS.withSizes(0, 1)), listener);
        try (Borrowed all = borrow(pool)) {
            PoolStats before = pool.stats();

            pool.probe(Duration.ofSeconds(10));

            assertThat(pool.stats()).isEqualTo(before);
            assertThat(tested.backends()).contains(backend(all));
            awaitBackends(1);
        }
        assertThat(listener.events()).containsExactly("connected", "acquired", "released");
    }

    @Test
    void aProbeOfADatabaseThatRefusesSaysWhy() throws Exception {
        String role = "contract_probe_" + ProcessHandle.current().pid();
        tested.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'contract'");
        var listener = new RecordingListener();
        try {
            PoolHandle<R> pool = pools.open(
                    tested.spec().user(role).password(Secret.of("contract")).limits(LIMITS.withSizes(0, 1)), listener);
            tested.execute("ALTER ROLE " + role + " PASSWORD 'another'");

            PoolOpenException failure =
                    catchThrowableOfType(PoolOpenException.class, () -> pool.probe(Duration.ofSeconds(10)));

            assertThat(failure).isNotNull();
            assertThat(failure.kind()).isEqualTo(FailureKind.BAD_CREDENTIALS);
            assertThat(borrow(pool)).satisfies(Borrowed::close);
            assertThat(listener.events()).containsExactly("connected", "acquired", "released");
        } finally {
            pools.close();
            tested.execute("DROP ROLE " + role);
        }
    }

    @Test
    void aProbeThatIsNotAnsweredOrIsInterruptedEndsAndLeavesNothing() throws Exception {
        var listener = new RecordingListener();
        ConnectGate gate = ContractPools.gate(1);
        PoolHandle<R> pool = pools.openBehind(gate, tested.spec().limits(LIMITS.withSizes(0, 1)), listener);
        try (ConnectGate.Turn others = gate.enter().join()) {
            long startNanos = System.nanoTime();
            PoolOpenException failure =
                    catchThrowableOfType(PoolOpenException.class, () -> pool.probe(Duration.ofMillis(300)));
            assertThat(failure).isNotNull();
            assertThat(failure.kind()).isEqualTo(FailureKind.NO_ANSWER);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(2));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> pool.probe(Duration.ofSeconds(30))).isInstanceOf(InterruptedException.class);
            assertThat(others).isNotNull();
        }

        // Neither of the two has kept the turn.
        pool.probe(Duration.ofSeconds(10));
        awaitBackends(1);
        assertThat(listener.events()).containsExactly("connected");
    }

    @Test
    void manyPoolsCostNoThread() throws Exception {
        open(LIMITS).close(Duration.ZERO);
        Set<Thread> before = ContractPools.threads();
        for (int i = 0; i < 30; i++) {
            open(LIMITS);
        }

        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(ContractPools.threads()).isSubsetOf(before));
    }

    // A durable resource.

    @Test
    void whoWaitsForAnOpeningAndThenForAConnectionHasOneDeadlineForBoth() throws Exception {
        Duration timeout = Duration.ofMillis(1500);
        Duration opening = Duration.ofSeconds(1);
        var listener = new RecordingListener();
        PoolHandle<R> pool =
                pools.open(tested.spec().limits(LIMITS.withSizes(1, 1).withTimeout(timeout)), listener);
        var slow = new CompletableFuture<R>();
        R durable = tested.provider().durable(new OpeningRoute<>(pools.key(), slow));
        try (Borrowed all = borrow(pool)) {
            long startNanos = System.nanoTime();
            CompletableFuture<Throwable> waiter = async(() -> catchThrowable(() -> tested.borrow(durable)));
            CompletableFuture.delayedExecutor(opening.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> slow.complete(pool.resource()));

            Throwable failure = waiter.get(10, TimeUnit.SECONDS);

            assertThat(failure).isInstanceOf(tested.exceptionType()).hasCauseInstanceOf(PoolTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .isGreaterThanOrEqualTo(timeout)
                    .isLessThan(timeout.plus(opening));
            assertThat(backend(all)).isIn(tested.backends());
        }
        assertThat(listener.events()).containsExactly("connected", "acquired", "timedOut", "released");
    }

    @Test
    void aDurableResourceFailsNobodyThoughItsPoolIsReplaced() throws Exception {
        var route = new ContractRoute<R>(pools.key(), () -> open(LIMITS.withSizes(1, 2)));
        R durable = tested.provider().durable(route);
        List<CompletableFuture<Integer>> borrowers = new ArrayList<>();
        var over = new CompletableFuture<Boolean>();
        // More of them than the pool has connections: some wait while it is closed.
        for (int i = 0; i < 4; i++) {
            borrowers.add(async(() -> {
                int served = 0;
                while (!over.isDone()) {
                    try (Borrowed connection = tested.borrow(durable)) {
                        assertThat(connection.query("SELECT 'served'")).isEqualTo("served");
                        served++;
                    }
                }
                return served;
            }));
        }

        for (int i = 0; i < 5; i++) {
            assertThat(route.replace().drained()).isTrue();
        }
        over.complete(true);

        for (CompletableFuture<Integer> borrower : borrowers) {
            assertThat(borrower.get(20, TimeUnit.SECONDS)).isPositive();
        }
    }

    private <T> CompletableFuture<T> async(ContractPools.Work<T> work) {
        return ContractPools.async(work);
    }
}
