package io.memfuse.pool.r2dbc;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a thread has to do after decisions that it made. A borrower who is served and gives back at once serves the next: by
 * calls within calls a long queue would overflow the stack, so that what comes up meanwhile is done after, not within.
 * Confined to its thread.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private static final ThreadLocal<Outbox> OF_THREAD = ThreadLocal.withInitial(Outbox::new);

    private @Nullable Step first;
    private @Nullable Step last;
    private boolean running;

    private Outbox() {}

    /** Does what the steps of a chain have to do: now, or when this thread is done with what it is at. */
    static void run(Step chain) {
        Outbox outbox = OF_THREAD.get();
        outbox.add(chain);
        if (!outbox.running) {
            outbox.running = true;
            try {
                outbox.runAll();
            } finally {
                outbox.running = false;
            }
        }
    }

    private void add(Step chain) {
        if (last == null) {
            first = chain;
        } else {
            last.nextOut = chain;
        }
        Step end = chain;
        while (end.nextOut != null) {
            end = end.nextOut;
        }
        last = end;
    }

    private void runAll() {
        for (Step step = first; step != null; step = first) {
            first = step.nextOut;
            if (first == null) {
                last = null;
            }
            step.nextOut = null;
            act(step);
        }
    }

    private static void act(Step step) {
        try {
            step.act();
        } catch (RuntimeException | Error e) {
            // It is somebody's subscriber, who must not keep the others from being served.
            LOG.warn("a subscriber failed when it was served", e);
        }
    }
}
