package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps are decided one after the other, and what follows is done outside. */
@Timeout(60)
class MailboxTest {

    private final Mailbox mailbox = new Mailbox();

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
    void whatFollowsFromWhatFollowsDoesNotDeepenTheStack() {
        var left = new AtomicInteger(100_000);
        var deepest = new AtomicInteger();
        mailbox.submit(step(left, deepest));

        assertThat(left.get()).isZero();
        assertThat(deepest.get()).isLessThan(200);
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
