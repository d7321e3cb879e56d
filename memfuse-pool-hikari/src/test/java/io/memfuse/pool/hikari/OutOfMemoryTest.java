package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.ConnectGate;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fails where nothing should: no thread, no memory, a listener or a clock that throws. Nothing is left open. */
@Timeout(60)
class OutOfMemoryTest {

    private static final Executor NO_THREAD = work -> {
        throw new OutOfMemoryError("unable to create native thread, for a test");
    };

    /** HikariCP's housekeeping, the last that its constructor starts, finds no memory once that is exhausted. */
    private static final class Scheduler extends ScheduledThreadPoolExecutor {

        private boolean exhausted;

        Scheduler() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long delay, TimeUnit unit) {
            if (exhausted) {
                throw new OutOfMemoryError("for a test");
            }
            return super.scheduleWithFixedDelay(work, first, delay, unit);
        }
    }

    private final PoolLimits limits = PoolLimits.DEFAULTS.withSizes(0, 2);
    private final PoolSpec spec =
            PoolSpec.builder(HikariPoolProvider.NAME, "orders").limits(limits).build();
    private final PoolKey<DataSource> key = PoolKey.of(spec, DataSource.class);
    private final StubDatabase database = new StubDatabase();
    private final Scheduler scheduler = new Scheduler();
    private final ConnectGate gate = new ConnectGate(1, Duration.ofMinutes(1), scheduler);
    private volatile boolean clockFails;

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    private long nanoTime() {
        if (clockFails) {
            throw new IllegalStateException("for a test");
        }
        return Ticker.system().nanoTime();
    }

    private PoolContext context(Executor executor, PoolListener listener) {
        return new PoolContext(key, listener, scheduler, executor, this::nanoTime, gate);
    }

    private PoolHandle<DataSource> open() throws Exception {
        return database.provider().open(spec, context(NO_THREAD, PoolListener.NONE));
    }

    @Test
    void closingCutsOffOnItsOwnThreadWhereThereIsNoOther() throws Exception {
        PoolHandle<DataSource> pool = open();
        var unused = pool.resource().getConnection();

        assertThat(pool.close(Duration.ZERO).aborted()).hasSize(1);

        assertThat(database.open()).isZero();
    }

    @Test
    void aClosingThatFailsKeepsNoOtherWaiting() throws Exception {
        PoolHandle<DataSource> pool = open();
        clockFails = true;
        assertThatThrownBy(() -> pool.close(Duration.ZERO)).isInstanceOf(IllegalStateException.class);

        assertThatThrownBy(() -> pool.close(Duration.ZERO)).hasRootCauseInstanceOf(IllegalStateException.class);

        clockFails = false;
    }

    @Test
    void anOpeningThatFailsLeavesNoConnection() {
        scheduler.exhausted = true;

        assertThatThrownBy(this::open).isInstanceOf(OutOfMemoryError.class);

        assertThat(database.open()).isZero();
    }

    @Test
    void aListenerThatThrowsLeavesNoConnection() {
        PoolListener failing = new PoolListener() {
            @Override
            public void connected(PoolKey<?> pool, long tookNanos) {
                throw new IllegalStateException("for a test");
            }
        };
        PoolContext context = context(Runnable::run, failing);
        var members = new PoolMembers(context);
        Connector connector = connector(context, members);

        assertThatThrownBy(connector::connect).isInstanceOf(IllegalStateException.class);

        assertThat(members.isEmpty()).isTrue();
        assertThat(database.open()).isZero();
    }

    @Test
    void aLoginThatFindsNoThreadEndsItsTurn() {
        PoolContext context = context(
                work -> {
                    throw new RejectedExecutionException("for a test");
                },
                PoolListener.NONE);

        assertThat(connector(context, new PoolMembers(context)).connectAhead()).isCompletedExceptionally();

        assertThat(gate.enter()).isDone();
    }

    private Connector connector(PoolContext context, PoolMembers members) {
        return new Connector(database.driver(), context, members, limits.timeout(), limits.maxQueries());
    }
}
