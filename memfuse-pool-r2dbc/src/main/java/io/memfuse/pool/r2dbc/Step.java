package io.memfuse.pool.r2dbc;

import org.jspecify.annotations.Nullable;

/**
 * Something that happens to a pool. It is decided by itself, one step of the pool after the other ({@link Mailbox}); what
 * follows from the decision for others is done afterwards, outside ({@link Outbox}). An object that is a step anyway, such as
 * a borrower who waits, costs nothing more.
 */
abstract class Step {

    /** Of the {@link Mailbox} that the step is in. */
    @Nullable Step nextIn;

    /** Of the {@link Outbox} that the step is in. */
    @Nullable Step nextOut;

    /** Of which pool it follows, for the log. */
    Object owner = "a pool";

    /** Returns a step that decides. */
    static Step deciding(Runnable decision) {
        return new Step() {
            @Override
            void decide() {
                decision.run();
            }
        };
    }

    /** Returns a step that follows from a decision. */
    static Step following(Runnable action) {
        return new Step() {
            @Override
            void decide() {
                throw new AssertionError("follows from a decision, and is none");
            }

            @Override
            void act() {
                action.run();
            }
        };
    }

    /** Changes the state of the pool, which no other step does at the same time. Short; calls nobody else's code. */
    abstract void decide();

    /** Does what follows. May call anybody's code. */
    void act() {}

    /** Tells whether what follows is for a borrower, who may take his time. */
    boolean isForBorrower() {
        return false;
    }
}
