package io.memfuse.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.ConfigReader;
import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.service.ServiceException;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.House.Gadget;
import io.memfuse.it.fault.House.Mood;
import io.memfuse.it.fault.Load.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults inside the process: parts of the application that fail, its clock, its threads, its memory; and an end at any moment. */
@Timeout(60)
class InnerFaultsIT {

    @RegisterExtension
    static final TestDatabase STRUCK = new TestDatabase();

    @RegisterExtension
    static final TestDatabase OTHER = new TestDatabase();

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofMillis(500);

    /** What closing may take beyond the drain, whatever does not answer, and a little of a busy machine. */
    private static final Duration BEYOND = Duration.ofSeconds(11);

    private final ExecutorService callers = Executors.newCachedThreadPool();

    @BeforeAll
    static void createTables() {
        STRUCK.execute(Writers.TABLE);
        OTHER.execute(Writers.TABLE);
    }

    @AfterEach
    void nothingIsLeft() {
        callers.shutdownNow();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                STRUCK.backends().count() + OTHER.backends().count())
                        .isZero());
        Aftermath.noThreads();
    }

    private Future<String> inBackground(Callable<?> request) {
        return callers.submit(() -> {
            try {
                request.call();
                return "served";
            } catch (Throwable e) {
                return Causes.of(e);
            }
        });
    }

    private Future<String> inBackground(Load.Writer writer) {
        return inBackground(() -> {
            writer.write(0);
            return null;
        });
    }

    // A service factory that throws, hangs, or leaks. Services live on JDBC.

    @Test
    void aFactoryThatThrowsCostsItsCallerAloneAndIsTriedAgain() throws Exception {
        try (var house = new House(Technology.JDBC, STRUCK, OTHER)) {
            house.factory = Mood.THROWS;
            assertThatThrownBy(() -> house.memfuse.services().get("alice", Gadget.class))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ServiceException.Code.FAILED))
                    .hasMessageContainingAll("gadget", "alice", "the factory fails");
            house.struck().write(0);

            house.factory = Mood.WELL;
            assertThat(house.memfuse.services().get("alice", Gadget.class)).isNotNull();
        }
    }

    @Test
    void aFactoryThatHangsHoldsUpItsOwnCallersAlone() throws Exception {
        try (var house = new House(Technology.JDBC, STRUCK, OTHER)) {
            house.factory = Mood.BLOCKS;
            CompletableFuture<Gadget> alice = house.gadget("alice");
            await().until(() -> house.blocked.get() == 1);
            house.factory = Mood.WELL;

            assertThat(house.memfuse.services().get("bob", Gadget.class)).isNotNull();
            house.struck().write(0);
            assertThat(alice).isNotDone();
            house.over.countDown();
            assertThat(alice).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(ServiceException.class);
            assertThat(house.memfuse.services().get("alice", Gadget.class)).isNotNull();
        }
    }

    @Test
    void aFactoryThatLeaksIsNamedAndCostsItsOwnDatabaseAlone() throws Exception {
        try (var house = new House(Technology.JDBC, STRUCK, OTHER)) {
            house.factory = Mood.LEAKS;
            for (String user : List.of("alice", "bob")) {
                assertThat(house.gadget(user)).failsWithin(SOON);
            }
            assertThatThrownBy(() -> house.struck().write(0))
                    .cause()
                    .isInstanceOfSatisfying(
                            PoolTimeoutException.class,
                            e -> assertThat(e.holders()).hasSize(House.MAX_SIZE));
            house.other().write(0);
            await().untilAsserted(() -> assertThat(house.leaks)
                    .hasSize(House.MAX_SIZE)
                    .extracting(ConnectionHolder::toString)
                    .allMatch(holder -> holder.contains("House")));

            assertThat(house.memfuse.shutdown(DRAIN).stream()
                            .mapToInt(report -> report.aborted().size())
                            .sum())
                    .isEqualTo(House.MAX_SIZE);
        }
    }

    // A listener that throws or blocks.

    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsHarmsNobody(Technology technology) throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.listener = Mood.THROWS;
            for (int i = 0; i < 10; i++) {
                house.struck().write(0);
                house.other().write(0);
            }
            house.whileAllAreLent(
                    () -> assertThat(inBackground(house.struck()).get()).isEqualTo("PoolTimeoutException"));
            assertThat(house.memfuse.registry().evict(house.key()).toCompletableFuture())
                    .succeedsWithin(SOON);
            house.borrowAll();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatBlocksHoldsUpNoOtherDatabase(Technology technology) throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.struck().write(0);
            house.other().write(0);
            house.listener = Mood.BLOCKS;
            Future<String> held = inBackground(house.struck());
            await().until(() -> house.blocked.get() > 0);
            for (int i = 0; i < 10; i++) {
                assertThat(inBackground(house.other()).get(5, TimeUnit.SECONDS)).isEqualTo("served");
            }
            assertThat(held).isNotDone();
            house.over.countDown();
            assertThat(held).succeedsWithin(SOON).isEqualTo("served");
            house.borrowAll();
        }
    }

    // A clock that jumps.

    @ParameterizedTest
    @EnumSource
    void aClockThatJumpsFailsNobodyWhoDoesNotWait(Technology technology) throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.borrowAll();
            for (Duration jump : List.of(HOUR, HOUR.negated().multipliedBy(2), HOUR.multipliedBy(24))) {
                house.aheadNanos.addAndGet(jump.toNanos());
                for (int i = 0; i < 10; i++) {
                    house.struck().write(0);
                    house.other().write(0);
                }
                house.borrowAll();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jumps")
    void whoWaitsWhileTheClockJumpsIsAnsweredWithinHisTimeout(Technology technology, Duration jump) throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.borrowAll();
            house.whileAllAreLent(() -> {
                Future<String> waiter = inBackground(house.struck());
                await().until(() -> house.stats().waiting() == 1);
                house.aheadNanos.addAndGet(jump.toNanos());
                Future<String> later = inBackground(house.struck());
                assertThat(waiter).succeedsWithin(House.TIMEOUT.plusSeconds(1)).isEqualTo("PoolTimeoutException");
                assertThat(later).succeedsWithin(House.TIMEOUT.plusSeconds(1)).isEqualTo("PoolTimeoutException");
            });
            house.borrowAll();
        }
    }

    static Stream<Arguments> jumps() {
        return Stream.of(
                Arguments.of(Technology.JDBC, HOUR),
                Arguments.of(Technology.JDBC, HOUR.negated()),
                Arguments.of(Technology.R2DBC, HOUR),
                Arguments.of(Technology.R2DBC, HOUR.negated()));
    }

    // Threads that are cancelled in bulk: virtual ones, if this JDK has them.

    @ParameterizedTest
    @EnumSource
    void manyCallersWhoAreInterruptedAtOnceLeaveTheirPlacesAndAreToldSo(Technology technology) throws Exception {
        int count = Runtime.version().feature() < 21 ? 300 : 2_000;
        ThreadFactory factory = threads();
        Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.borrowAll();
            List<Thread> threads = new ArrayList<>();
            house.whileAllAreLent(() -> {
                for (int i = 0; i < count; i++) {
                    threads.add(factory.newThread(() -> outcomes.add(attempt(house.struck()))));
                }
                threads.forEach(Thread::start);
                await().until(() -> house.stats().waiting() > count / 2 || !outcomes.isEmpty());
                threads.forEach(Thread::interrupt);
                for (Thread thread : threads) {
                    thread.join(SOON.toMillis());
                }
                assertThat(outcomes).hasSize(count);
                await().atMost(SOON).until(() -> house.stats().waiting() == 0);
            });
            assertThat(outcomes)
                    .extracting(Outcome::failure)
                    .doesNotContainNull()
                    .extracting(Causes::of)
                    .allMatch(cause -> cause.matches("(Pool)?InterruptedException|PoolTimeoutException"))
                    .anyMatch(cause -> cause.contains("Interrupted"));
            house.borrowAll();
            house.other().write(0);
        }
    }

    private static Outcome attempt(Load.Writer writer) {
        long beganNanos = System.nanoTime();
        try {
            writer.write(0);
            return new Outcome(beganNanos, System.nanoTime(), null);
        } catch (Throwable e) {
            return new Outcome(beganNanos, System.nanoTime(), e);
        }
    }

    private static ThreadFactory threads() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return Thread::new;
        }
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        return (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    }

    // No memory.

    @ParameterizedTest
    @EnumSource
    void aProviderWithoutMemoryCostsItsCallersAnErrorAndNothingElse(Technology technology) throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.noMemory = true;
            assertThat(inBackground(house.struck()).get()).isEqualTo("PoolOpenException OTHER");
            house.other().write(0);
            house.noMemory = false;
            await().atMost(SOON).until(() -> inBackground(house.struck()).get().equals("served"));
            house.borrowAll();
        }
    }

    // An end in the middle of it.

    /** What the platform is in the middle of when it is shut down. */
    @SuppressWarnings("ImmutableEnumChecker") // What its constants do keeps nothing.
    enum Middle {
        A_FACTORY_THAT_HANGS(house -> {
            house.factory = Mood.BLOCKS;
            house.gadget("alice");
            await().until(() -> house.blocked.get() > 0);
        }),
        A_FACTORY_THAT_LEAKS(house -> {
            house.factory = Mood.LEAKS;
            house.gadget("alice");
            house.gadget("bob");
        }),
        A_LISTENER_THAT_THROWS(house -> house.listener = Mood.THROWS),
        A_LISTENER_THAT_BLOCKS(house -> {
            house.listener = Mood.BLOCKS;
            await().until(() -> house.blocked.get() > 0);
        }),
        A_CLOCK_AN_HOUR_AHEAD(house -> house.aheadNanos.addAndGet(HOUR.toNanos())),
        A_CLOCK_AN_HOUR_BACK(house -> house.aheadNanos.addAndGet(HOUR.negated().toNanos())),
        NO_MEMORY(house -> {
            house.noMemory = true;
            house.memfuse.registry().evict(house.key());
        });

        private final Consumer<House> strike;

        Middle(Consumer<House> strike) {
            this.strike = strike;
        }
    }

    static Stream<Arguments> middles() {
        return Stream.of(Technology.values())
                .flatMap(technology -> Stream.of(Middle.values())
                        // A listener that never returns is waited for until the grace is over: too long for each build.
                        .filter(middle ->
                                Boolean.getBoolean("memfuse.campaign") || middle != Middle.A_LISTENER_THAT_BLOCKS)
                        .map(middle -> Arguments.of(technology, middle)));
    }

    @ParameterizedTest
    @MethodSource("middles")
    void aShutdownInTheMiddleOfItEndsInTime(Technology technology, Middle middle) throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.struck().write(0);
            var load = new Load("struck", 4, house.struck());
            long beganNanos = System.nanoTime();
            try {
                middle.strike.accept(house);
                long endingNanos = System.nanoTime();
                house.memfuse.shutdown(DRAIN);
                assertThat(Duration.ofNanos(System.nanoTime() - endingNanos))
                        .as("shutdown")
                        .isLessThan(DRAIN.plus(BEYOND));
            } finally {
                house.over.countDown();
                load.end();
            }
            assertThat(Causes.count(load.outcomes(beganNanos, System.nanoTime()))
                            .keySet())
                    .allMatch(cause -> cause.matches(Expectation.TYPED + "|PoolClosedException"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aShutdownCutsOffInItsOwnTimeWhatAnEvictedPoolWouldWaitForMuchLongerAndNamesIt(Technology technology)
            throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.whileAllAreLent(() -> {
                CompletableFuture<Optional<DrainReport>> evicted =
                        house.memfuse.registry().evict(house.key()).toCompletableFuture();
                assertThat(STRUCK.backends().count()).isEqualTo(House.MAX_SIZE);
                long beganNanos = System.nanoTime();

                List<DrainReport> reports = house.memfuse.shutdown(DRAIN);

                assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isBetween(DRAIN, Duration.ofSeconds(2));
                assertThat(reports)
                        .singleElement()
                        .satisfies(report -> assertThat(report.aborted())
                                .extracting(AbortedConnection::name)
                                .hasSize(House.MAX_SIZE)
                                .doesNotHaveDuplicates())
                        .isSameAs(evicted.get(1, TimeUnit.SECONDS).orElseThrow());
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(STRUCK.backends().count()).isZero());
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aShutdownWhileAPoolIsBeingOpenedTellsWhoWaitsForIt(Technology technology) throws Exception {
        try (var proxy = FaultProxy.before(STRUCK.server())) {
            proxy.be(Network.mute());
            try (var house = new House(technology, proxy.port(), STRUCK, OTHER)) {
                Future<String> waiter = inBackground(house.struck());
                await().until(() -> proxy.accepted() > 0);
                long beganNanos = System.nanoTime();
                house.memfuse.shutdown(DRAIN);
                assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(DRAIN.plus(House.TIMEOUT));
                assertThat(waiter).succeedsWithin(SOON).isEqualTo("PoolClosedException");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlatformThatIsClosedByManyAtOnceIsClosedOnce(Technology technology) throws Exception {
        try (var house = new House(technology, STRUCK, OTHER)) {
            house.struck().write(0);
            List<Future<List<DrainReport>>> ends = callers.invokeAll(
                    Stream.generate(() -> (Callable<List<DrainReport>>) () -> house.memfuse.shutdown(DRAIN))
                            .limit(8)
                            .toList());
            List<DrainReport> first = ends.get(0).get();
            assertThat(first).hasSize(1).allMatch(DrainReport::drained);
            for (Future<List<DrainReport>> end : ends) {
                assertThat(end.get()).isEqualTo(first);
            }
            assertThat(house.memfuse.shutdown(DRAIN)).isEqualTo(first);
            house.memfuse.registry().close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlatformThatIsClosedRefusesEveryUseAtOnceAndSaysWhy(Technology technology) throws Exception {
        var house = new House(technology, STRUCK, OTHER);
        house.struck().write(0);
        PoolKey<?> key = house.key();
        house.close();

        assertThat(inBackground(house.struck()).get()).isEqualTo("PoolClosedException");
        assertThatThrownBy(() -> house.memfuse.registry().lease(key)).isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> house.memfuse.services().get("alice", Gadget.class))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo(ServiceException.Code.CLOSED));
        assertThatThrownBy(() ->
                        house.memfuse.reload(ConfigReader.create().read("memfuse.yaml", "{databases: {orders: {}}}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(house.memfuse.isReady()).isFalse();
    }
}
