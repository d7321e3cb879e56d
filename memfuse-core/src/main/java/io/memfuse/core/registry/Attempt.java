package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a pool, which all who ask meanwhile join. Thread-safe. {@link Opener} makes it.
 *
 * <p>It tells twice that it is over: {@code opened} to those who wait for the pool, who are not kept waiting when the attempt
 * is given up; {@code ended} to who must know that nothing of it is left behind.
 */
final class Attempt<R> {

    private final PoolSpec spec;
    private final int number;
    private final boolean replaces;
    private final long sinceNanos;
    private final CompletableFuture<OpenPool<R>> opened = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    /** The thread on which the provider opens: a call for the pool on that thread comes from inside the opening. */
    private volatile @Nullable Thread opener;

    private volatile @Nullable Step step;
    private volatile boolean givenUp;

    private Attempt(PoolSpec spec, int number, boolean replaces, long sinceNanos) {
        this.spec = spec;
        this.number = number;
        this.replaces = replaces;
        this.sinceNanos = sinceNanos;
    }

    /** An attempt to open a pool where none is. */
    static <R> Attempt<R> toOpen(PoolSpec spec, int number, long sinceNanos) {
        return new Attempt<>(spec, number, false, sinceNanos);
    }

    /** An attempt to open a pool with other settings, in place of one that serves. */
    static <R> Attempt<R> toReplace(PoolSpec spec, long sinceNanos) {
        return new Attempt<>(spec, 1, true, sinceNanos);
    }

    /** Returns what it opens the pool with. */
    PoolSpec spec() {
        return spec;
    }

    /** Returns how many attempts in a row there are with this one, 1 or more. */
    int number() {
        return number;
    }

    boolean replaces() {
        return replaces;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** Returns what completes with the pool that serves, or fails with why there is none. */
    CompletableFuture<OpenPool<R>> opened() {
        return opened;
    }

    /** Returns what completes when nothing of this attempt is left behind. */
    CompletableFuture<@Nullable Void> ended() {
        return ended;
    }

    /** Tells whether the caller is called by the provider that opens. Other threads of the provider cannot be told. */
    boolean isMadeByThisThread() {
        return opener == Thread.currentThread();
    }

    /** Makes a call of the provider. */
    <T> T asOpener(ProviderCall<T> call) throws Throwable {
        opener = Thread.currentThread();
        try {
            return call.make();
        } finally {
            opener = null;
        }
    }

    /** A call of the provider. */
    @FunctionalInterface
    interface ProviderCall<T> {
        T make() throws Throwable;
    }

    /**
     * Has {@code next} run when {@code first} has completed, by whoever completes it. If the attempt is given up before,
     * {@code skipped} is run instead. If it throws, neither of the two is run.
     */
    void follow(CompletableFuture<?> first, Runnable next, Runnable skipped) {
        var waiting = new Step(next, skipped);
        step = waiting;
        try {
            first.whenComplete((done, failure) -> waiting.run());
        } catch (RuntimeException | Error e) {
            if (waiting.decided.compareAndSet(false, true)) {
                throw e;
            }
        }
        if (givenUp) {
            waiting.cancel();
        }
    }

    /**
     * Has a step of the attempt done by the executor. If the attempt is given up before there is a thread for it,
     * {@code skipped} is run instead, and if later, the thread is interrupted. Throws what the executor throws if it takes no
     * work, and then neither of the two is run.
     */
    void submit(ExecutorService executor, Runnable work, Runnable skipped) {
        var next = new Step(work, skipped);
        step = next;
        try {
            next.task = executor.submit(next::run);
        } catch (RuntimeException | Error e) {
            if (next.decided.compareAndSet(false, true)) {
                throw e;
            }
        }
        if (givenUp) {
            next.cancel(); // Whoever gave it up could not know the task yet.
        }
    }

    /** Stops what is still to be done; {@code opened} is for the caller to complete. */
    void giveUp() {
        givenUp = true;
        Step underWay = step;
        if (underWay != null) {
            underWay.cancel();
        }
    }

    private static final class Step {

        private final Runnable work;
        private final Runnable skipped;

        /** Set by whoever decides whether the step is done: the executor's thread, or who gives the attempt up first. */
        private final AtomicBoolean decided = new AtomicBoolean();

        private volatile @Nullable Future<?> task;

        Step(Runnable work, Runnable skipped) {
            this.work = work;
            this.skipped = skipped;
        }

        void run() {
            if (decided.compareAndSet(false, true)) {
                work.run();
            }
        }

        void cancel() {
            if (decided.compareAndSet(false, true)) {
                skipped.run();
            }
            Future<?> submitted = task;
            if (submitted != null) {
                submitted.cancel(true);
            }
        }
    }
}
