package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Steps are decided one after the other, and what follows is done outside. */
@Timeout(60)
class MailboxTest {

    private final Mailbox mailbox = new Mailbox("orders", Runnable::run);

    @Test
    void decidesInOrderAndActsAfterwards() {
        List<String> seen = new ArrayList<>();
        mailbox.submit(Step.deciding(() -> {
            seen.add("one");
            mailbox.follow(Step.following(() -> seen.add("follows from one")));
            mailbox.submit(Step.deciding(() -> seen.add("two")));
            seen.add("still one");
        }));

        assertThat(seen).containsExactly("one", "still one", "two", "follows from one");
    }

    @Test
    void theLogNamesThePoolOfWhatFails() {
        var events = new ListAppender<ILoggingEvent>();
        List<Logger> loggers = Stream.of(Mailbox.class, Outbox.class)
                .map(of -> (Logger) LoggerFactory.getLogger(of))
                .toList();
        events.start();
        loggers.forEach(logger -> logger.addAppender(events));
        try {
            mailbox.submit(Step.deciding(() -> {
                mailbox.follow(Step.following(() -> {
                    throw new IllegalStateException("thrown on purpose by what follows");
                }));
                throw new IllegalStateException("thrown on purpose by a decision");
            }));
        } finally {
            loggers.forEach(logger -> logger.detachAppender(events));
        }

        assertThat(events.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("orders: a step failed", "orders: a subscriber failed when it was served");
    }

    @Test
    void goesOnAfterAStepThatFails() {
        List<String> seen = new ArrayList<>();
        mailbox.submit(Step.deciding(() -> {
            mailbox.follow(Step.following(() -> {
                throw new IllegalStateException("thrown on purpose by what follows");
            }));
            mailbox.follow(Step.following(() -> seen.add("follows")));
            throw new IllegalStateException("thrown on purpose by a decision");
        }));
        mailbox.submit(Step.deciding(() -> seen.add("next")));

        assertThat(seen).containsExactly("follows", "next");
    }

    @Test
    void whatThePoolNeedsIsDoneBeforeBorrowersWhoMayTakeTheirTime() {
        List<String> seen = new ArrayList<>();
        mailbox.submit(Step.deciding(() -> {
            mailbox.follow(new Step() {
                @Override
                void decide() {}

                @Override
                boolean isForBorrower() {
                    return true;
                }

                @Override
                void act() {
                    seen.add("a borrower");
                }
            });
            mailbox.follow(Step.following(() -> seen.add("a login")));
        }));

        assertThat(seen).containsExactly("a login", "a borrower");
    }

    @Test
    void whatIsBroughtWhileItIsActedIsDoneBeforeThatGoesOn() {
        List<String> seen = new ArrayList<>();
        mailbox.submit(Step.deciding(() -> mailbox.follow(Step.following(() -> {
            mailbox.submit(Step.deciding(() -> mailbox.follow(Step.following(() -> seen.add("within")))));
            seen.add("goes on");
        }))));

        assertThat(seen).containsExactly("within", "goes on");
    }

    /** Fails where nothing may, as where the stack ends, the first time that it is looked at. */
    private static final class Failing extends Step {

        private final Runnable action;
        private boolean failed;

        Failing(Runnable action) {
            this.action = action;
        }

        @Override
        void decide() {}

        @Override
        boolean isForBorrower() {
            if (!failed) {
                failed = true;
                throw new StackOverflowError("thrown on purpose");
            }
            return true;
        }

        @Override
        void act() {
            action.run();
        }
    }

    @Test
    void whoCannotGoOnHandsTheRestOver() {
        List<String> seen = new ArrayList<>();
        List<Runnable> elsewhere = new ArrayList<>();
        var robust = new Mailbox("orders", elsewhere::add);

        assertThatThrownBy(() ->
                        robust.submit(Step.deciding(() -> robust.follow(new Failing(() -> seen.add("follows"))))))
                .isInstanceOf(StackOverflowError.class);
        elsewhere.forEach(Runnable::run);

        assertThat(seen).containsExactly("follows");
    }

    @Test
    void whoCannotGoOnHandsOverWhatFollowedBefore() {
        List<String> seen = new ArrayList<>();
        List<Runnable> elsewhere = new ArrayList<>();
        var robust = new Mailbox("orders", elsewhere::add);

        assertThatThrownBy(() -> robust.submit(Step.deciding(() -> {
                    robust.follow(Step.following(() -> seen.add("first")));
                    robust.follow(new Failing(() -> seen.add("follows")));
                })))
                .isInstanceOf(StackOverflowError.class);
        elsewhere.forEach(Runnable::run);

        assertThat(seen).containsExactly("first", "follows");
    }

    @Test
    void whoeverComesNextGoesOnIfNothingCanBeHandedOver() {
        List<String> seen = new ArrayList<>();
        var robust = new Mailbox("orders", work -> {
            throw new OutOfMemoryError("thrown on purpose");
        });

        assertThatThrownBy(() ->
                        robust.submit(Step.deciding(() -> robust.follow(new Failing(() -> seen.add("follows"))))))
                .isInstanceOf(OutOfMemoryError.class);
        robust.submit(Step.deciding(() -> seen.add("next")));

        assertThat(seen).containsExactly("next", "follows");
    }

    @Test
    void whatFollowsFromWhatFollowsDoesNotDeepenTheStack() {
        var left = new AtomicInteger(100_000);
        var deepest = new AtomicInteger();
        mailbox.submit(step(left, deepest));

        assertThat(left.get()).isZero();
        assertThat(deepest.get()).isLessThan(1_000);
    }

    private Step step(AtomicInteger left, AtomicInteger deepest) {
        return Step.deciding(() -> mailbox.follow(Step.following(() -> {
            if (left.get() % 1_000 == 0) {
                deepest.accumulateAndGet(new Throwable().getStackTrace().length, Math::max);
            }
            if (left.decrementAndGet() > 0) {
                mailbox.submit(step(left, deepest));
            }
        })));
    }

    @Test
    void decidesEachStepOfManyThreadsOnceAndNeverTwoAtATime() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        int[] plain = {0};
        var acted = new AtomicInteger();
        var done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            new Thread(() -> {
                        for (int n = 0; n < each; n++) {
                            mailbox.submit(Step.deciding(() -> {
                                plain[0]++;
                                mailbox.follow(Step.following(acted::incrementAndGet));
                            }));
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();

        // Whoever decides last has left the mailbox when its thread ends.
        mailbox.submit(Step.deciding(() -> {}));
        assertThat(plain[0]).isEqualTo(threads * each);
        assertThat(acted.get()).isEqualTo(threads * each);
    }
}
