package io.memfuse.pool.r2dbc;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a thread has to do after decisions that it made: first what the pools need themselves, such as a login, then the
 * borrowers, who may take their time. Confined to its thread.
 *
 * <p>A borrower who is served and gives back at once serves the next: by calls within calls a long queue would overflow the
 * stack. So what comes up meanwhile is done within only down to some depth, and beyond it after. Down to there, for a borrower
 * may ask once more while he is served and wait for it here, on the thread that would have to serve him.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private static final int DEEPEST = 16;

    private static final ThreadLocal<Outbox> OF_THREAD = ThreadLocal.withInitial(Outbox::new);

    private final Chain ours = new Chain();
    private final Chain borrowers = new Chain();
    private int depth;

    private Outbox() {}

    /** Returns the one of this thread. */
    static Outbox ofThread() {
        return OF_THREAD.get();
    }

    /** Has a step done when this is run. */
    void add(Step step) {
        (step.isForBorrower() ? borrowers : ours).add(step);
    }

    /**
     * Does what there is to do: now, or when this thread is done with what it is at.
     *
     * @param elsewhere where the rest is done if it cannot be here, having run out of stack, say
     */
    void run(Executor elsewhere) {
        if (depth >= DEEPEST) {
            return;
        }
        boolean done = false;
        depth++;
        try {
            for (Step step = poll(); step != null; step = poll()) {
                act(step);
            }
            done = true;
        } finally {
            depth--;
            if (!done) {
                handOverUnlessRunning(elsewhere);
            }
        }
    }

    private @Nullable Step poll() {
        Step step = ours.poll();
        return step == null ? borrowers.poll() : step;
    }

    /** Has all of it done elsewhere, if this thread will not come to it. */
    void handOverUnlessRunning(Executor elsewhere) {
        if (depth > 0) {
            return;
        }
        for (Step step = poll(); step != null; step = poll()) {
            Step left = step;
            elsewhere.execute(() -> act(left));
        }
    }

    private static void act(Step step) {
        try {
            step.act();
        } catch (Throwable e) {
            // It is somebody's subscriber, who must not keep the others from being served.
            Logs.warn(LOG, step.owner, "a subscriber failed when it was served", e);
        }
    }

    /** Steps, one after the other. */
    private static final class Chain {

        private @Nullable Step first;
        private @Nullable Step last;

        void add(Step step) {
            step.nextOut = null;
            if (last == null) {
                first = step;
            } else {
                last.nextOut = step;
            }
            last = step;
        }

        @Nullable Step poll() {
            Step step = first;
            if (step != null) {
                first = step.nextOut;
                if (first == null) {
                    last = null;
                }
                step.nextOut = null;
            }
            return step;
        }
    }
}
