package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.LIMITS;
import static io.memfuse.pool.r2dbc.PoolFixture.TIMEOUT;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Who is lent which connection, and when others are made; in time that the test lets pass. */
@Timeout(30)
class PoolCoreTest {

    private final PoolFixture fixture = new PoolFixture();

    private static List<Borrower> borrowers(PoolHandle<ConnectionFactory> pool, int count) {
        List<Borrower> borrowers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            borrowers.add(borrow(pool));
        }
        return borrowers;
    }

    private static long served(List<Borrower> borrowers) {
        return borrowers.stream().filter(Borrower::isServed).count();
    }

    @Nested
    class Waiting {

        @Test
        void nothingIsAskedForBeforeItIsSubscribedTo() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);

            pool.resource().create();

            assertThat(pool.stats().active()).isZero();
            assertThat(fixture.listener.events()).containsExactly("connected");
        }

        @Test
        void whoCameFirstIsServedFirst() {
            PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
            Borrower first = borrow(pool);
            List<Borrower> waiting = borrowers(pool, 3);

            close(first);
            assertThat(waiting).extracting(Borrower::isServed).containsExactly(true, false, false);
            close(waiting.get(0));

            assertThat(waiting).extracting(Borrower::isServed).containsExactly(true, true, false);
        }

        @Test
        void whoCancelsLeavesTheQueueAtOnceAndNeverGetsAConnection() {
            PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
            Borrower first = borrow(pool);
            List<Borrower> waiting = borrowers(pool, 2);

            waiting.get(0).cancel();

            assertThat(pool.stats().waiting()).isEqualTo(1);
            close(first);
            assertThat(waiting).extracting(Borrower::isServed).containsExactly(false, true);
        }

        @Test
        void endsAtTheDeadlineAndNotBefore() {
            PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
            Borrower first = borrow(pool);
            Borrower waiting = borrow(pool);

            fixture.time.advance(TIMEOUT.minusMillis(1));
            assertThat(waiting.failure()).isNull();
            fixture.time.advance(Duration.ofMillis(1));

            assertThat(waiting.failure())
                    .isInstanceOf(R2dbcTimeoutException.class)
                    .hasMessageContaining("within 10.0 s (total=1/1, active=1, idle=0, waiting=0)")
                    .hasCauseInstanceOf(PoolTimeoutException.class);
            assertThat(fixture.listener.events()).containsExactly("connected", "acquired", "timedOut");
            close(first);
            assertThat(pool.stats().idle()).isEqualTo(1);
        }

        @Test
        void endsInTimeThoughADecisionFailsHalfWay() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            borrow(pool);
            fixture.driver.byHand();
            fixture.clockFailsAt(2);

            Borrower waiting = borrow(pool);
            fixture.time.advance(TIMEOUT);

            assertThat(waiting.failure()).isNotNull();
        }

        @Test
        void endsInTimeThoughTheTimerOnceFoundNoThread() {
            int[] left = {0};
            Executor all = fixture.executor;
            fixture.executor = work -> {
                if (left[0]-- > 0) {
                    throw new OutOfMemoryError("thrown on purpose: unable to create native thread");
                }
                all.execute(work);
            };
            PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
            borrow(pool);
            List<Borrower> waiting = new ArrayList<>(borrowers(pool, 1));
            left[0] = 1;

            fixture.time.advance(TIMEOUT);
            waiting.addAll(borrowers(pool, 1));
            fixture.time.advance(TIMEOUT);

            assertThat(waiting).extracting(Borrower::failure).doesNotContainNull();
        }

        @Test
        void whoBlocksForASecondConnectionWhileHeIsServedIsServed() {
            PoolHandle<ConnectionFactory> pool = fixture.open(2, 2);

            Connection second = Mono.from(pool.resource().create())
                    .<Connection>map(
                            first -> Mono.from(pool.resource().create()).block(Duration.ofSeconds(5)))
                    .block(Duration.ofSeconds(5));

            assertThat(second).isNotNull();
            assertThat(pool.stats().active()).isEqualTo(2);
        }

        @Test
        void whoFailsFatallyWhenHeIsServedIsToldAndHoldsNothing() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            var told = new AtomicReference<Throwable>();

            Mono.from(pool.resource().create())
                    .map(connection -> {
                        throw new NoClassDefFoundError("thrown on purpose");
                    })
                    .subscribe(value -> {}, told::set);

            assertThat(told.get()).isInstanceOf(NoClassDefFoundError.class);
            assertThat(pool.stats().active()).isZero();
            assertThat(borrow(pool).isServed()).isTrue();
        }

        @Test
        void oneTimerServesAllWhoWait() {
            PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
            borrow(pool);
            int before = fixture.time.scheduled();

            List<Borrower> waiting = borrowers(pool, 1_000);

            assertThat(fixture.time.scheduled()).isLessThanOrEqualTo(before + 1);
            fixture.time.advance(TIMEOUT);
            assertThat(waiting).allMatch(borrower -> borrower.failure() != null);
        }

        @Test
        void aLongQueueThatIsServedAtOnceDoesNotOverflowTheStack() {
            PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
            Borrower first = borrow(pool);
            int[] served = {0};
            for (int i = 0; i < 10_000; i++) {
                Mono.from(pool.resource().create())
                        .flatMap(connection -> Mono.from(connection.close()))
                        .subscribe(nothing -> {}, failure -> {}, () -> served[0]++);
            }

            close(first);

            assertThat(served[0]).isEqualTo(10_000);
        }
    }

    @Nested
    class Making {

        @Test
        void beyondTheMinimumTheFirstIsMadeAloneAndThenThoseThatAreWaitedFor() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 20);
            fixture.driver.byHand();
            List<Borrower> burst = borrowers(pool, 11);
            assertThat(fixture.driver.waiting()).isEqualTo(1);

            fixture.driver.succeed();

            assertThat(fixture.driver.waiting()).isEqualTo(9);
            while (fixture.driver.waiting() > 0) {
                fixture.driver.succeed();
            }
            assertThat(served(burst)).isEqualTo(11);
        }

        @Test
        void whoWaitsForALoginIsServedByWhatIsGivenBackMeanwhile() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            fixture.driver.byHand();
            Borrower first = borrow(pool);
            Borrower second = borrow(pool);
            assertThat(fixture.driver.waiting()).isEqualTo(1);

            close(first);

            assertThat(second.isServed()).isTrue();
            fixture.driver.succeed();
            assertThat(pool.stats().idle()).isEqualTo(1);
        }

        @Test
        void aDatabaseThatRefusesSeesOneAttemptAtATimeWithPausesThatDouble() {
            PoolHandle<ConnectionFactory> pool =
                    fixture.open(LIMITS.withSizes(0, 9).withTimeout(Duration.ofMinutes(1)));
            borrow(pool);
            fixture.driver.byHand();
            List<Borrower> waiting = borrowers(pool, 5);

            for (Duration pause : List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1))) {
                assertThat(fixture.driver.waiting()).isEqualTo(1);
                fixture.driver.fail(new ConnectException("refused"));
                fixture.time.advance(pause.minusMillis(1));
                assertThat(fixture.driver.waiting()).isZero();
                fixture.time.advance(Duration.ofMillis(1));
            }

            fixture.time.advance(Duration.ofMinutes(1));
            assertThat(waiting)
                    .allSatisfy(borrower -> assertThat(borrower.failure())
                            .hasMessageContaining("no connection within 1 min 0 s")
                            .hasMessageContaining("(total=1/9, active=1, idle=0, waiting=")
                            .hasMessageContaining("refused")
                            .hasCauseInstanceOf(PoolOpenException.class));
            assertThat(waiting)
                    .extracting(borrower ->
                            Objects.requireNonNull(borrower.failure()).getCause())
                    .doesNotHaveDuplicates();
        }

        @Test
        void theListenerHearsOfEachLoginThatFailsWhileThePoolRuns() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            borrow(pool);
            fixture.driver.byHand();
            borrow(pool);

            fixture.driver.fail(new ConnectException("refused"));
            fixture.time.advance(Duration.ofSeconds(1));
            fixture.driver.fail(new ConnectException("refused"));

            assertThat(fixture.listener.events())
                    .containsExactly("connected", "acquired", "connectFailed", "connectFailed");
        }

        @Test
        void aLoginThatFailedLongAgoIsNotWhySomebodyWaitsInVain() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            borrow(pool);
            fixture.driver.byHand();
            Borrower first = borrow(pool);
            fixture.driver.fail(new ConnectException("refused"));
            first.cancel();
            pool.resize(0, 1);
            Borrower waiting = borrow(pool);

            fixture.time.advance(TIMEOUT);

            assertThat(waiting.failure()).hasCauseInstanceOf(PoolTimeoutException.class);
        }

        @Test
        void aLoginThatNeverEndsIsGivenUpInTime() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 9);
            borrow(pool);
            fixture.driver.byHand();
            Borrower waiting = borrow(pool);

            fixture.time.advance(TIMEOUT);

            assertThat(fixture.driver.waiting()).isZero();
            assertThat(waiting.failure())
                    .hasMessageContaining("no connection within 10.0 s (total=1/9, active=1, idle=0, waiting=0)")
                    .hasMessageContaining("a login has had no answer for 10.0 s")
                    .cause()
                    .isInstanceOfSatisfying(
                            PoolOpenException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.NO_ANSWER));
        }

        @Test
        void aLoginThatBeganJustNowIsNotWhySomebodyWaitsInVain() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            borrow(pool);
            Borrower second = borrow(pool);
            Borrower waiting = borrow(pool);
            fixture.driver.byHand();
            fixture.time.advance(TIMEOUT.minusMillis(10));
            fixture.driver.youngest().disconnect();
            close(second);
            assertThat(fixture.driver.waiting()).isEqualTo(1);

            fixture.time.advance(Duration.ofMillis(10));

            assertThat(waiting.failure()).hasCauseInstanceOf(PoolTimeoutException.class);
        }
    }

    @Nested
    class Lending {

        @Test
        void aConnectionThatDiedIsNotLent() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 3);
            List<Borrower> all = borrowers(pool, 3);
            all.forEach(PoolFixture::close);
            fixture.driver.sessions().get(0).disconnect();
            fixture.driver.sessions().get(2).disconnect();

            assertThat(pool.stats().idle()).isEqualTo(1);
            Borrower next = borrow(pool);

            assertThat(next.isServed()).isTrue();
            assertThat(fixture.driver.sessions()).hasSize(3);
        }

        @Test
        void severalThatAnswerNothingAnyMoreCostTheBorrowerTimeAndNotHisPlace() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            borrowers(pool, 2).forEach(PoolFixture::close);
            fixture.driver.sessions().forEach(FakeSession::fallSilent);
            fixture.time.advance(Duration.ofSeconds(1));

            Borrower borrower = borrow(pool);
            assertThat(borrower.isServed()).isFalse();
            // The time of one check: what it finds out is true of the others too.
            fixture.time.advance(Duration.ofSeconds(5));

            assertThat(borrower.isServed()).isTrue();
            assertThat(fixture.driver.connected()).isEqualTo(1);
        }

        @Test
        void whoWaitsForACheckThatIsNotAnsweredIsServedByWhatIsGivenBackMeanwhile() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            List<Borrower> both = borrowers(pool, 2);
            close(both.get(0));
            fixture.driver.sessions().get(0).fallSilent();
            fixture.time.advance(Duration.ofSeconds(1));
            Borrower borrower = borrow(pool);
            assertThat(borrower.isServed()).isFalse();

            close(both.get(1));

            assertThat(borrower.isServed()).isTrue();
        }

        @Test
        void whoCancelsWhileAConnectionIsCheckedForHimLeavesItToTheNext() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            close(borrow(pool));
            Sinks.One<Boolean> answer = Sinks.one();
            fixture.driver.youngest().connection.answer = answer.asMono();
            fixture.time.advance(Duration.ofSeconds(1));
            Borrower impatient = borrow(pool);
            assertThat(impatient.isServed()).isFalse();

            impatient.cancel();
            answer.tryEmitValue(true).orThrow();

            assertThat(impatient.isServed()).isFalse();
            assertThat(pool.stats().idle()).isEqualTo(1);
            assertThat(borrow(pool).isServed()).isTrue();
            assertThat(fixture.driver.sessions()).hasSize(1);
        }

        @Test
        void whatWasUsedJustNowIsLentWithoutAQuestion() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            close(borrow(pool));
            fixture.driver.sessions().get(0).fallSilent();

            assertThat(borrow(pool).isServed()).isTrue();
        }

        @Test
        void theOneThatWasUsedLastGoesFirstSoThatTheOthersGrowOld() {
            PoolHandle<ConnectionFactory> pool =
                    fixture.open(LIMITS.withSizes(0, 3).withMaxInactiveConnectionLifetime(Duration.ofSeconds(60)));
            borrowers(pool, 3).forEach(PoolFixture::close);

            for (int i = 0; i < 7; i++) {
                fixture.time.advance(Duration.ofSeconds(10));
                close(borrow(pool));
            }

            assertThat(fixture.driver.connected()).isEqualTo(1);
            fixture.time.advance(Duration.ofSeconds(60));
            assertThat(fixture.driver.connected()).isZero();
        }
    }

    @Nested
    class GrowingOld {

        private static final Duration LIFETIME = Duration.ofMinutes(10);
        private static final Duration SHORTEST = LIFETIME.multipliedBy(9).dividedBy(10);

        private PoolHandle<ConnectionFactory> open(int minSize, int maxSize, Duration lifetime) throws Exception {
            PoolHandle<ConnectionFactory> pool = fixture.open(LIMITS.withSizes(minSize, maxSize)
                    .withMaxInactiveConnectionLifetime(Duration.ZERO)
                    .withMaxConnectionLifetime(lifetime));
            pool.warmUp(TIMEOUT);
            return pool;
        }

        private List<FakeSession> connected() {
            return fixture.driver.sessions().stream()
                    .filter(FakeSession::isConnected)
                    .toList();
        }

        @Test
        void whatLiesIdleIsReplacedInTimeThoughNobodyAsks() throws Exception {
            open(5, 5, LIFETIME);
            List<FakeSession> first = connected();

            fixture.time.advance(SHORTEST.minusNanos(1));
            assertThat(connected()).isEqualTo(first);
            fixture.time.advance(LIFETIME.minus(SHORTEST).plusNanos(1));

            assertThat(connected()).hasSize(5).doesNotContainAnyElementsOf(first);
            assertThat(first).allSatisfy(old -> assertThat(old.asked()).containsExactly("close"));
            fixture.time.advance(LIFETIME);
            assertThat(fixture.driver.sessions()).hasSizeGreaterThanOrEqualTo(15);
            assertThat(connected()).hasSize(5);
        }

        @Test
        void whatIsBeyondTheMinimumIsNotReplaced() throws Exception {
            PoolHandle<ConnectionFactory> pool = open(1, 4, LIFETIME);
            borrowers(pool, 4).forEach(PoolFixture::close);
            assertThat(connected()).hasSize(4);

            fixture.time.advance(LIFETIME);

            assertThat(connected()).hasSize(1);
        }

        @Test
        void thoseThatWereMadeTogetherDoNotEndTogether() throws Exception {
            open(20, 20, LIFETIME);
            fixture.driver.byHand();
            fixture.time.advance(SHORTEST);

            int deaths = 0;
            for (int before = 20; before > 0; ) {
                fixture.time.advance(Duration.ofSeconds(1));
                int now = fixture.driver.connected();
                deaths += now < before ? 1 : 0;
                before = now;
            }

            // 20 at random in a minute: that they share so few seconds does not happen.
            assertThat(deaths).isGreaterThan(5);
        }

        @Test
        void whatIsLentIsReplacedWhenItIsGivenBack() throws Exception {
            PoolHandle<ConnectionFactory> pool = open(1, 1, LIFETIME);
            Borrower borrower = borrow(pool);
            FakeSession old = fixture.driver.youngest();

            fixture.time.advance(LIFETIME.multipliedBy(3));
            assertThat(old.isConnected()).isTrue();
            close(borrower);

            assertThat(old.asked()).containsExactly("close");
            assertThat(fixture.driver.sessions()).hasSize(2);
            assertThat(pool.stats().idle()).isEqualTo(1);
        }

        @Test
        void whatWasReplacedOnceIsReplacedAgainThoughAnotherWasLentMeanwhile() throws Exception {
            PoolHandle<ConnectionFactory> pool = open(2, 2, LIFETIME);
            Borrower borrower = borrow(pool);

            fixture.time.advance(LIFETIME.multipliedBy(4));

            assertThat(fixture.driver.sessions()).hasSizeGreaterThanOrEqualTo(6);
            close(borrower);
            assertThat(pool.stats().idle()).isEqualTo(2);
        }

        @Test
        void withoutALimitNobodyIsReplaced() throws Exception {
            open(2, 2, Duration.ZERO);
            int timers = fixture.time.scheduled();

            fixture.time.advance(Duration.ofDays(365));

            assertThat(fixture.driver.sessions()).hasSize(2);
            assertThat(timers).isZero();
        }

        @Test
        void aPoolThatIsClosedHasNoTimer() throws Exception {
            open(2, 2, LIFETIME).close(Duration.ZERO);

            assertThat(fixture.time.scheduled()).isZero();
        }
    }

    @Nested
    class Closing {

        @Test
        void aLoginThatSucceedsInTheMomentLeavesNeitherAConnectionNorATimer() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            borrow(pool);
            fixture.driver.byHand();
            borrow(pool);
            PoolCore core = ((PooledConnectionFactory) pool.resource()).core();

            core.tell(() -> {
                fixture.driver.succeed(); // Decided once this is.
                core.drain(new Draining());
            });

            assertThat(fixture.driver.connected()).isEqualTo(1);
            assertThat(fixture.time.scheduled()).isZero();
        }

        @Test
        void namesWhoHoldsOnAndForHowLongThoughNobodyListens() {
            var unheard = new PoolContext(
                    PoolKey.of(PoolSpec.builder("r2dbc", "orders").build(), ConnectionFactory.class),
                    PoolListener.NONE,
                    fixture.time.scheduler(),
                    Runnable::run,
                    fixture.time);
            PoolHandle<ConnectionFactory> pool = fixture.open(LIMITS.withSizes(2, 2), unheard);
            close(borrow(pool));
            Borrower first = borrow(pool);
            fixture.time.advance(Duration.ofSeconds(2));
            borrow(pool);
            fixture.time.advance(Duration.ofSeconds(1));

            DrainReport report = pool.close(Duration.ZERO);

            assertThat(first.isServed()).isTrue();
            assertThat(report.aborted())
                    .extracting(AbortedConnection::lentFor)
                    .containsExactlyInAnyOrder(Duration.ofSeconds(3), Duration.ofSeconds(1));
            assertThat(report.aborted())
                    .extracting(AbortedConnection::name)
                    .containsExactlyInAnyOrderElementsOf(fixture.driver.sessions().stream()
                            .map(FakeSession::name)
                            .toList());
            assertThat(Mono.from(first.connection().beginTransaction())
                            .materialize()
                            .block())
                    .satisfies(signal -> assertThat(signal.getThrowable())
                            .hasMessageContaining(":5432/orders: this connection was cut off when its pool"));
        }
    }

    @Nested
    class GivingBack {

        @Test
        void nothingIsAskedOfTheServerIfNothingWasChanged() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);

            close(borrow(pool));

            assertThat(fixture.driver.sessions().get(0).asked()).isEmpty();
        }

        @Test
        void whatWasChangedIsUndoneBeforeTheNextGetsIt() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            Borrower borrower = borrow(pool);
            fixture.driver.sessions().get(0).inTransaction = true;
            Mono.from(borrower.connection().setTransactionIsolationLevel(IsolationLevel.SERIALIZABLE))
                    .block();
            Mono.from(borrower.connection().setStatementTimeout(Duration.ofSeconds(1)))
                    .block();
            Mono.from(borrower.connection().setLockWaitTimeout(Duration.ofSeconds(1)))
                    .block();

            close(borrower);

            assertThat(fixture.driver.sessions().get(0).asked())
                    .containsExactly("rollback", "reset lock_timeout", "reset statement_timeout");
            assertThat(borrow(pool).connection().getTransactionIsolationLevel())
                    .isEqualTo(IsolationLevel.READ_COMMITTED);
        }

        @Test
        void theIsolationLevelOfATransactionStaysWithItsBorrower() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            Borrower borrower = borrow(pool);
            Mono.from(borrower.connection().beginTransaction(IsolationLevel.SERIALIZABLE))
                    .block();

            close(borrower);

            Borrower next = borrow(pool);
            assertThat(next.connection().getTransactionIsolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
            Mono.from(next.connection().beginTransaction(IsolationLevel.SERIALIZABLE))
                    .block();
            Mono.from(next.connection().setTransactionIsolationLevel(IsolationLevel.REPEATABLE_READ))
                    .block();
            close(next);
            assertThat(borrow(pool).connection().getTransactionIsolationLevel())
                    .isEqualTo(IsolationLevel.READ_COMMITTED);
        }

        @Test
        void aTransactionIsRolledBackOnlyIfThereIsOne() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            Borrower borrower = borrow(pool);
            Mono.from(borrower.connection().setLockWaitTimeout(Duration.ofSeconds(1)))
                    .block();

            close(borrower);

            assertThat(fixture.driver.sessions().get(0).asked()).containsExactly("reset lock_timeout");
        }

        @Test
        void whatWasExecutedThroughTheDriverItselfIsWaitedForAndUndone() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            Borrower borrower = borrow(pool);

            assertThat(((Wrapped<?>) borrower.connection()).unwrap()).isInstanceOf(FakeConnection.class);
            close(borrower);

            assertThat(fixture.driver.sessions().get(0).asked())
                    .containsExactly("sync", "reset lock_timeout", "reset statement_timeout");
        }

        @Test
        void whatHasNotBeenSentYetIsNotSentOnTheNextBorrowersConnection() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            Borrower borrower = borrow(pool);
            Borrower waiting = borrow(pool);
            FakeSession session = fixture.driver.sessions().get(0);
            session.connection.beforeSending = () -> close(borrower);

            Mono.from(borrower.connection().beginTransaction()).block();

            assertThat(session.connection.sent).hasValue(1);
            assertThat(session.isConnected()).isFalse();
            assertThat(waiting.isServed()).isTrue();
            assertThat(fixture.driver.sessions()).hasSize(2);
        }

        @Test
        void aConnectionThatCannotBeCleanedIsCutOffAndReplaced() {
            PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
            Borrower borrower = borrow(pool);
            FakeSession session = fixture.driver.sessions().get(0);
            session.inTransaction = true;
            session.silent = true;

            close(borrower);
            assertThat(pool.stats().active()).isEqualTo(1);
            fixture.time.advance(Cleaning.LIMIT);
            fixture.time.advance(Cleaning.LIMIT);

            assertThat(session.asked()).containsExactly("rollback", "cancel");
            assertThat(session.isConnected()).isFalse();
            assertThat(pool.stats().idle()).isEqualTo(1);
            assertThat(fixture.driver.sessions()).hasSize(2);
        }

        @Test
        void twiceIsAsOnce() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
            Borrower borrower = borrow(pool);

            close(borrower);
            close(borrower);
            Borrower next = borrow(pool);
            close(borrower);

            assertThat(next.isServed()).isTrue();
            assertThat(pool.stats().active()).isEqualTo(1);
            assertThat(fixture.listener.events()).containsExactly("connected", "acquired", "released", "acquired");
        }

        @Test
        void isOverForTheBorrower() {
            PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
            Borrower borrower = borrow(pool);
            close(borrower);

            assertThat(Mono.from(borrower.connection().validate(ValidationDepth.LOCAL))
                            .block())
                    .isFalse();
            assertThat(Mono.from(borrower.connection().beginTransaction())
                            .materialize()
                            .block())
                    .satisfies(signal -> assertThat(signal.getThrowable())
                            .hasMessageContaining(":5432/orders: this connection was given back to its pool"));
        }
    }
}
