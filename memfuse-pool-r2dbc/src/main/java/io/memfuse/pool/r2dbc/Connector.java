package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.ConnectGate.Turn;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Makes the physical connections of one pool, each when it is its turn at the server. Thread-safe. */
final class Connector {

    private final SessionDriver driver;
    private final PoolContext context;
    private volatile Duration timeout;

    /** @param timeout for the turn and the login together */
    Connector(SessionDriver driver, PoolContext context, Duration timeout) {
        this.driver = driver;
        this.context = context;
        this.timeout = timeout;
    }

    /** Changes how long the logins may take that are begun from now on. */
    void setTimeout(Duration newTimeout) {
        timeout = newTimeout;
    }

    /** Returns what looks whether the database takes a login. */
    Probe probe() {
        return new Probe(driver, context);
    }

    /**
     * Returns a login to be started; it tells one of the two, with the connection or with why there is none: the second
     * after the first, if the pool could not be told of the connection for sure, which is cut off then.
     */
    Login login(Consumer<Session> made, Consumer<PoolOpenException> failed) {
        return new Login(made, failed);
    }

    /**
     * One login: a turn, and then the driver's work. Its outcome is told exactly once, unless it is given up, upon which nothing
     * of it is left behind. Thread-safe.
     */
    final class Login {

        private final Consumer<Session> made;
        private final Consumer<PoolOpenException> failed;
        private final Duration patience = timeout;
        private final Deadline deadline = Deadline.after(patience, context.ticker());
        private volatile boolean givenUp;
        private volatile @Nullable Timed<Turn> waiting;
        private volatile @Nullable Timed<Session> connecting;
        private volatile @Nullable Turn turn;

        private Login(Consumer<Session> made, Consumer<PoolOpenException> failed) {
            this.made = made;
            this.failed = failed;
        }

        void start() {
            try {
                awaitTurn();
            } catch (Throwable e) {
                fail(e);
            }
            endIfGivenUp();
        }

        private void awaitTurn() {
            waiting = Timed.start(turn(), patience, context, new Timed.Outcome<>() {
                @Override
                public void done(@Nullable Turn entered, @Nullable Throwable failure) {
                    if (entered != null) {
                        connect(entered);
                    } else {
                        fail(tooManyLogIn(failure));
                    }
                }

                @Override
                public void tooLate(Turn entered) {
                    entered.close();
                }
            });
        }

        private Mono<Turn> turn() {
            return Mono.create(sink -> {
                CompletableFuture<Turn> entering = context.gate().enter();
                sink.onCancel(() -> {
                    // INVARIANT: who gives up waiting cancels the future, or else the turn is his to end.
                    if (!entering.cancel(false) && !entering.isCancelled()) {
                        entering.join().close();
                    }
                });
                if (entering.isDone()) {
                    sink.success(entering.join());
                } else {
                    entering.thenAcceptAsync(sink::success, work -> Offload.run(context, work));
                }
            });
        }

        private void connect(Turn entered) {
            turn = entered;
            try {
                establish(entered);
            } catch (Throwable e) {
                entered.close();
                fail(e);
            }
            endIfGivenUp();
        }

        private void establish(Turn entered) {
            Duration remaining = deadline.remaining();
            Mono<Session> login = Mono.defer(() -> driver.connect(remaining));
            connecting = Timed.start(login, remaining, context, new Timed.Outcome<>() {
                @Override
                public void done(@Nullable Session session, @Nullable Throwable failure) {
                    entered.close();
                    if (session != null) {
                        succeed(session);
                    } else {
                        fail(failure == null ? new IllegalStateException("the driver made no connection") : failure);
                    }
                }

                @Override
                public void tooLate(Session session) {
                    session.cutOff();
                }
            });
        }

        private void succeed(Session session) {
            try {
                if (context.isListening()) {
                    context.listener()
                            .connected(context.key(), deadline.elapsed().toNanos());
                }
                made.accept(session);
            } catch (Throwable e) {
                session.cutOff();
                fail(e);
            }
        }

        private void fail(Throwable failure) {
            PoolOpenException reason = ConnectFailures.toPoolException(context.key(), failure, deadline.elapsed());
            try {
                context.listener().connectFailed(context.key(), reason);
            } finally {
                failed.accept(reason);
            }
        }

        private static Throwable tooManyLogIn(@Nullable Throwable failure) {
            return failure instanceof TimeoutException
                    ? new TimeoutException("timed out while too many others logged in at the server")
                    : new IllegalStateException("no turn to log in", failure);
        }

        /** Returns for how long it has been under way. */
        Duration elapsed() {
            return deadline.elapsed();
        }

        /** Returns what is to be said of it while it has not ended. */
        PoolOpenException unfinished() {
            Duration elapsed = elapsed();
            String reason = turn == null
                    ? "a login has waited for its turn for " + Durations.format(elapsed)
                            + ", for too many others log in at the server"
                    : "a login has had no answer for " + Durations.format(elapsed);
            return PoolOpenException.attemptFailed(context.key(), FailureKind.NO_ANSWER, reason, elapsed, null);
        }

        /** Ends it, wherever it is. */
        void giveUp() {
            givenUp = true;
            endIfGivenUp();
        }

        private void endIfGivenUp() {
            if (givenUp) {
                cancel(waiting);
                cancel(connecting);
                Turn entered = turn;
                if (entered != null) {
                    entered.close();
                }
            }
        }

        private static void cancel(@Nullable Timed<?> work) {
            if (work != null) {
                work.cancel();
            }
        }
    }
}
