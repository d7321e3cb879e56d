package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.it.Backends;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.FaultProxy;
import io.memfuse.it.fault.Network;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many borrowers at once, and few connections or none. */
@Timeout(60)
class HikariBurstIT {

    private static final int CROWD = 20;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private final ExecutorService crowd = Executors.newFixedThreadPool(CROWD + 1);

    @AfterEach
    void endTheCrowd() {
        crowd.shutdownNow();
    }

    /** Has a crowd borrow at once, each of whom holds his connection until {@code go}. */
    private List<CompletableFuture<Integer>> borrow(DataSource source, CountDownLatch go) {
        var begin = new CountDownLatch(1);
        List<CompletableFuture<Integer>> borrowers = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            borrowers.add(CompletableFuture.supplyAsync(() -> borrowOnce(source, begin, go), crowd));
        }
        begin.countDown();
        return borrowers;
    }

    private static Integer borrowOnce(DataSource source, CountDownLatch begin, CountDownLatch go) {
        try {
            begin.await();
            try (Connection connection = source.getConnection()) {
                go.await();
                return Pools.pid(connection);
            }
        } catch (SQLException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private static List<Throwable> failures(List<CompletableFuture<Integer>> borrowers) {
        List<Throwable> failures = new ArrayList<>();
        for (CompletableFuture<Integer> borrower : borrowers) {
            try {
                borrower.get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                failures.add(e.getCause());
            }
        }
        return failures;
    }

    private static void awaitBackends(int count) {
        await().untilAsserted(() -> assertThat(DATABASE.backends().count()).isEqualTo(count));
    }

    @Test
    void servesEachOfACrowdThatHoldsWhatItHas() throws Exception {
        PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec().limits(Pools.LIMITS.withSizes(0, CROWD)));
        var go = new CountDownLatch(1);
        List<CompletableFuture<Integer>> borrowers = borrow(pool.resource(), go);

        await().untilAsserted(() -> assertThat(pool.stats().active()).isEqualTo(CROWD));
        go.countDown();

        assertThat(failures(borrowers)).isEmpty();
        assertThat(borrowers.stream().map(CompletableFuture::join)).doesNotHaveDuplicates();
    }

    @Test
    void neverHasMoreThanItsMaximumHoweverManyAsk() throws Exception {
        int maxSize = 7;
        PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec().limits(Pools.LIMITS.withSizes(3, maxSize)));
        var over = new AtomicBoolean();
        CompletableFuture<Integer> most = CompletableFuture.supplyAsync(() -> mostBackends(over), crowd);
        var none = new CountDownLatch(0);
        for (int round = 0; round < 20; round++) {
            CompletableFuture<Void> warming = CompletableFuture.runAsync(() -> warmUp(pool));
            assertThat(failures(borrow(pool.resource(), none))).isEmpty();
            warming.join();
        }
        over.set(true);

        assertThat(most.join()).isBetween(1, maxSize);
    }

    private static int mostBackends(AtomicBoolean over) {
        Backends backends = DATABASE.backends();
        int most = 0;
        while (!over.get()) {
            most = Math.max(most, backends.count());
        }
        return most;
    }

    private static void warmUp(PoolHandle<DataSource> pool) {
        try {
            pool.warmUp(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void leavesNothingBehindWhenItIsClosedMeanwhile() {
        for (int round = 0; round < 20; round++) {
            PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec().limits(Pools.LIMITS.withSizes(1, CROWD)));
            List<CompletableFuture<Integer>> borrowers = borrow(pool.resource(), new CountDownLatch(0));
            await().until(() -> borrowers.stream().anyMatch(CompletableFuture::isDone)
                    || pool.stats().total() > 1);

            pool.close(Duration.ofSeconds(5));

            assertThat(failures(borrowers))
                    .allSatisfy(failure -> assertThat(failure).hasCauseInstanceOf(PoolClosedException.class));
            awaitBackends(0);
        }
    }

    @Test
    void asksADatabaseThatRefusesOnceAtATime() {
        try (var proxy = FaultProxy.before(DATABASE.server())) {
            PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec()
                    .host(proxy.host())
                    .port(proxy.port())
                    .limits(Pools.LIMITS.withSizes(0, CROWD).withTimeout(Duration.ofSeconds(2))));
            pool.softEvict();
            await().until(() -> pool.stats().total() == 0);
            proxy.be(Network.hangingUp());
            proxy.reset();
            int before = proxy.accepted();

            List<Throwable> failures = failures(borrow(pool.resource(), new CountDownLatch(0)));

            assertThat(failures).hasSize(CROWD);
            assertThat(failures)
                    .allSatisfy(failure -> assertThat(failure.getCause())
                            .isInstanceOfAny(PoolOpenException.class, PoolTimeoutException.class));
            // HikariCP's pauses double from 10 ms: so many attempts fit into the time, side by side there is none.
            assertThat(proxy.accepted() - before).isBetween(1, 15);
        }
    }

    @Test
    void givesEachHisAnswerInTimeWhenTheDatabaseDoesNot() {
        try (var proxy = FaultProxy.before(DATABASE.server())) {
            PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec()
                    .host(proxy.host())
                    .port(proxy.port())
                    .limits(Pools.LIMITS.withSizes(0, CROWD).withTimeout(Duration.ofSeconds(1))));
            var go = new CountDownLatch(1);
            CompletableFuture<Integer> holder =
                    CompletableFuture.supplyAsync(() -> borrowOnce(pool.resource(), new CountDownLatch(0), go), crowd);
            await().until(() -> pool.stats().active() == 1);
            proxy.be(Network.mute());
            int before = proxy.accepted();

            List<Throwable> failures = failures(borrow(pool.resource(), new CountDownLatch(0)));

            assertThat(failures).hasSize(CROWD);
            assertThat(failures)
                    .allSatisfy(failure -> assertThat(failure.getCause()).isInstanceOf(PoolException.class));
            assertThat(proxy.accepted() - before).isBetween(1, 4);
            go.countDown();
            assertThat(holder.join()).isPositive();
        }
    }

    @Test
    void keepsWhatIsNotNeededAnyMoreForTheNextCrowd() throws Exception {
        PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec().limits(Pools.LIMITS.withSizes(0, CROWD)));
        var go = new CountDownLatch(1);
        List<CompletableFuture<Integer>> borrowers = borrow(pool.resource(), go);
        await().until(() -> pool.stats().active() == CROWD);
        go.countDown();
        assertThat(failures(borrowers)).isEmpty();

        assertThat(DATABASE.backends().count()).isEqualTo(CROWD);
        pool.softEvict();
        awaitBackends(0);
    }
}
