package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.thread.Waiting;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks pools for their numbers, so that one that does not answer costs only itself. Thread-safe.
 *
 * <p>One thread asks a pool after the other, for to answer takes nanoseconds. Should a pool keep it for longer than PATIENCE,
 * another thread goes on with the rest, and that pool is asked no more until it has answered: it holds one thread, or as many
 * as asked it at once, however often numbers are wanted.
 */
final class PoolNumbers {

    private static final Logger LOG = LoggerFactory.getLogger(PoolNumbers.class);

    /** Once and up to twice as long a pool may take to answer: a pool that is at work answers in a millionth of it. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** So many times PATIENCE numbers are waited for. */
    private static final int MOST_WATCHES = 10;

    /** Should the engine end meanwhile, and its timers with it. */
    private static final Duration LONGEST_WAIT = PATIENCE.multipliedBy(10L * MOST_WATCHES);

    private final RegistryEngine engine;
    private final Set<OpenPool<?>> silent = ConcurrentHashMap.newKeySet();

    PoolNumbers(RegistryEngine engine) {
        this.engine = engine;
    }

    /** Returns the numbers of the pools that answer. Waits for a moment at most. */
    Map<OpenPool<?>, PoolStats> of(Collection<? extends OpenPool<?>> pools) {
        List<OpenPool<?>> asked = List.copyOf(
                pools.stream().filter(pool -> !silent.contains(pool)).toList());
        if (asked.isEmpty()) {
            return Map.of();
        }
        var round = new Round(asked);
        round.start();
        round.await();
        return round.answers;
    }

    /** Returns the numbers of a pool; none if it does not answer. Waits for a moment at most. */
    PoolStats of(OpenPool<?> pool) {
        return of(List.of(pool)).getOrDefault(pool, PoolStats.NONE);
    }

    private final class Round {

        private final List<OpenPool<?>> pools;
        private final Queue<OpenPool<?>> rest;
        private final Set<OpenPool<?>> asking = ConcurrentHashMap.newKeySet();
        private final Map<OpenPool<?>, PoolStats> answers = new ConcurrentHashMap<>();
        private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        private final Queue<OpenPool<?>> fallen = new ConcurrentLinkedQueue<>();

        // Of the scheduler's thread.
        private Set<OpenPool<?>> askedBefore = Set.of();
        private final Set<OpenPool<?>> leftBehind = new HashSet<>();
        private int watches;

        Round(List<OpenPool<?>> pools) {
            this.pools = pools;
            this.rest = new ConcurrentLinkedQueue<>(pools);
        }

        void start() {
            askElsewhere();
            if (over.isDone()) {
                return;
            }
            try {
                ScheduledFuture<?> timer = engine.threads()
                        .scheduler()
                        .scheduleAtFixedRate(this::watch, PATIENCE.toNanos(), PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                over.whenComplete((done, failure) -> timer.cancel(false));
            } catch (RejectedExecutionException e) {
                over.complete(null); // The engine has ended: nobody would notice who does not answer.
            }
        }

        private void askElsewhere() {
            try {
                engine.threads().workers().execute(this::ask);
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                over.complete(null);
            }
        }

        private void ask() {
            for (OpenPool<?> pool = rest.poll(); pool != null; pool = rest.poll()) {
                asking.add(pool);
                answers.put(pool, pool.stats());
                asking.remove(pool);
                silent.remove(pool); // If it was: it has answered after all.
            }
            if (answers.size() == pools.size()) {
                over.complete(null);
            }
        }

        /** Has another thread go on where one is kept by a pool. */
        private void watch() {
            boolean kept = false;
            for (OpenPool<?> pool : asking) {
                if (askedBefore.contains(pool) && leftBehind.add(pool)) {
                    kept = true;
                    fallSilent(pool);
                }
            }
            askedBefore = Set.copyOf(asking);
            if (++watches == MOST_WATCHES || isNobodyLeft()) {
                over.complete(null);
            } else if (kept) {
                askElsewhere();
            }
        }

        private void fallSilent(OpenPool<?> pool) {
            if (silent.add(pool)) {
                fallen.add(pool);
            }
            if (!asking.contains(pool)) {
                silent.remove(pool); // It answered in this moment, maybe before it was added.
            }
        }

        private boolean isNobodyLeft() {
            return rest.isEmpty()
                    && pools.stream().allMatch(pool -> answers.containsKey(pool) || leftBehind.contains(pool));
        }

        void await() {
            try {
                Waiting.get(over, LONGEST_WAIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException e) {
                LOG.warn("registry: asking for the numbers of {} pools was not watched over", pools.size());
            } catch (ExecutionException e) {
                throw new AssertionError("a round does not fail", e);
            }
            over.complete(null); // Nobody waits any more.
            fallen.forEach(pool -> LOG.warn(
                    "{}: does not tell its numbers; it counts as in use until it does, and is asked no more",
                    pool.key()));
        }
    }
}
