package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.ManualTime;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A login at one of several hosts, and what becomes of its session if nobody wants it any more. */
@Timeout(30)
class BoundedLoginTest {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final ManualTime time = new ManualTime();
    private final Sinks.One<Session> login = Sinks.one();
    private final FakeSession session = new FakeSession();
    private final List<Session> handedOn = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private Disposable begin(ScheduledExecutorService scheduler) {
        PoolKey<ConnectionFactory> key =
                PoolKey.of(PoolSpec.builder("r2dbc", "orders").build(), ConnectionFactory.class);
        var context = new PoolContext(key, PoolListener.NONE, scheduler, Runnable::run, time);
        Mono<Session> bounded = BoundedLogin.of(login.asMono(), LIMIT, context);
        return bounded.subscribe(handedOn::add, failures::add);
    }

    @Test
    void isHandedOnIfItIsDoneInTime() {
        Disposable subscription = begin(time.scheduler());
        login.tryEmitValue(session).orThrow();
        subscription.dispose();
        time.advance(LIMIT);

        assertThat(handedOn).containsExactly(session);
        assertThat(session.isConnected()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void failsWhenItsTimeIsUp() {
        begin(time.scheduler());
        time.advance(LIMIT);

        assertThat(failures).singleElement().isInstanceOf(TimeoutException.class);
        assertThat(login.currentSubscriberCount()).isZero();
    }

    @Test
    void isCancelledWithWhoWaitsForIt() {
        begin(time.scheduler()).dispose();

        assertThat(login.currentSubscriberCount()).isZero();
        assertThat(failures).isEmpty();
    }

    /** As when a pool is closed on one thread while on another the driver has just logged in. */
    @Test
    void leavesNoSessionBehindThatWasMadeWhileItWasCancelled() {
        Disposable.Swap subscription = Disposables.swap();
        subscription.update(begin(new WhenTheTimerIsStopped(subscription::dispose)));

        login.tryEmitValue(session).orThrow();

        assertThat(subscription.isDisposed()).isTrue();
        assertThat(handedOn).isEmpty();
        assertThat(session.isConnected()).isFalse();
    }

    /** Has timers that are never due; the first time that one is stopped, which is when a login is done, something happens. */
    private static final class WhenTheTimerIsStopped extends ScheduledThreadPoolExecutor {

        private final Runnable action;

        WhenTheTimerIsStopped(Runnable action) {
            super(0);
            this.action = action;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return new Timer(command, action);
        }
    }

    private static final class Timer extends FutureTask<Object> implements ScheduledFuture<Object> {

        private final Runnable action;
        private boolean stopped;

        Timer(Runnable command, Runnable action) {
            super(command, "done");
            this.action = action;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (!stopped) {
                stopped = true;
                action.run();
            }
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
