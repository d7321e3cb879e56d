package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks pools for their numbers, so that one that does not answer costs only itself. Thread-safe.
 *
 * <p>One thread asks a pool after the other, for to answer takes nanoseconds, and whoever wants the numbers looks after it.
 * Should a pool keep it for longer than PATIENCE, two others go on with the rest, and that pool is asked no more until it has
 * answered: it holds one thread, or as many as asked it at once, however often numbers are wanted.
 */
final class PoolNumbers {

    private static final Logger LOG = LoggerFactory.getLogger(PoolNumbers.class);

    /** Once and up to twice as long a pool may take to answer: a pool that is at work answers in a millionth of it. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** So many times PATIENCE numbers are waited for: 31 pools may fall silent in that time, and all others are heard. */
    private static final int MOST_LOOKS = 10;

    private final Executor workers;
    private final Set<OpenPool<?>> silent = ConcurrentHashMap.newKeySet();

    PoolNumbers(Executor workers) {
        this.workers = workers;
    }

    /** Returns the numbers of the pools that answer. Waits for a moment at most; an interrupt waits until then. */
    Map<OpenPool<?>, PoolStats> of(Collection<? extends OpenPool<?>> pools) {
        List<OpenPool<?>> asked = new ArrayList<>(pools);
        asked.removeIf(silent::contains);
        var round = new Round(asked);
        round.run();
        return round.answers;
    }

    /** Returns the numbers of a pool; none if it does not answer. Waits for a moment at most. */
    PoolStats of(OpenPool<?> pool) {
        return of(List.of(pool)).getOrDefault(pool, PoolStats.NONE);
    }

    /** Numbers that are wanted at one moment. Used by one thread, and by its askers. */
    private final class Round {

        private final Queue<OpenPool<?>> rest;
        private final Map<OpenPool<?>, PoolStats> answers = new ConcurrentHashMap<>();

        /** Those of whom it is not known yet whether they answer; whoever takes one out counts {@code unknown} down. */
        private final Set<OpenPool<?>> asked = ConcurrentHashMap.newKeySet();

        private final CountDownLatch unknown;

        /** Those that are not kept by a pool. */
        private List<Asker> askers = new ArrayList<>();

        Round(List<OpenPool<?>> pools) {
            this.rest = new ConcurrentLinkedQueue<>(pools);
            this.asked.addAll(pools);
            this.unknown = new CountDownLatch(asked.size());
        }

        void run() {
            boolean interrupted = false;
            try {
                boolean going = !asked.isEmpty() && askElsewhere();
                for (int look = 0; going && unknown.getCount() > 0 && look < MOST_LOOKS; look++) {
                    interrupted |= awaitAnswers();
                    replaceKept();
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** Waits for PATIENCE at most; tells whether there was an interrupt. */
        private boolean awaitAnswers() {
            Deadline nextLook = Deadline.after(PATIENCE, Ticker.system());
            boolean interrupted = false;
            while (true) {
                try {
                    boolean unused = unknown.await(nextLook.remainingNanos(), TimeUnit.NANOSECONDS);
                    return interrupted;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }

        /** False if no thread is to be had. */
        private boolean askElsewhere() {
            try {
                var asker = new Asker();
                askers.add(asker);
                workers.execute(asker);
                return true;
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                return false;
            }
        }

        private void replaceKept() {
            List<Asker> former = askers;
            askers = new ArrayList<>();
            for (Asker asker : former) {
                OpenPool<?> keeper = asker.keeper();
                if (keeper == null) {
                    askers.add(asker);
                } else {
                    fallSilent(keeper, asker);
                    for (int i = 0; i < 2; i++) {
                        boolean unused = askElsewhere();
                    }
                }
            }
        }

        private void fallSilent(OpenPool<?> pool, Asker asker) {
            boolean first = silent.add(pool);
            if (asker.asking != pool) {
                silent.remove(pool); // It answered in this moment, maybe before it was added.
            } else if (first) {
                LOG.warn(
                        "{}: does not tell its numbers; it counts as in use until it does, and is asked no more",
                        pool.key());
            }
            settle(pool);
        }

        private void settle(OpenPool<?> pool) {
            if (asked.remove(pool)) {
                unknown.countDown();
            }
        }

        /** Asks one pool after the other. */
        private final class Asker implements Runnable {

            private volatile @Nullable OpenPool<?> asking;

            /** Of the thread that wants the numbers. */
            private @Nullable OpenPool<?> askedBefore;

            @Override
            public void run() {
                for (OpenPool<?> pool = rest.poll(); pool != null; pool = rest.poll()) {
                    asking = pool;
                    try {
                        answers.put(pool, pool.stats());
                    } catch (Throwable e) {
                        // No memory: it has no numbers this time, and the rest is asked all the same.
                    } finally {
                        asking = null;
                        silent.remove(pool); // If it was: it has answered after all.
                        settle(pool);
                    }
                }
            }

            /** Returns the pool that it asked already when it was looked after the last time, or null. */
            @Nullable OpenPool<?> keeper() {
                OpenPool<?> now = asking;
                OpenPool<?> keeper = now == askedBefore ? now : null;
                askedBefore = now;
                return keeper;
            }
        }
    }
}
