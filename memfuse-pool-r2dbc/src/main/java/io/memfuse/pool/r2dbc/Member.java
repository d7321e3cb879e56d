package io.memfuse.pool.r2dbc;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One physical connection of a pool, from its login until it is closed: not what a borrower sees, who is given a {@link Loan}
 * of it. That it is closed follows from its being retired, and that it is gone is a step, for which nothing has to be made.
 * Touched by the pool's steps only, but for its session and its end.
 */
final class Member extends Step {

    private final PoolMembers members;
    private final Session session;
    private final int generation;

    /** How many statements were executed on it, over all its loans. */
    long executed;

    /** Since when nobody has it. */
    long idleSinceNanos;

    /** When it is to be replaced, if the lifetime of connections is limited. */
    long endsAtNanos;

    /** What its borrower has, if it has one. */
    @Nullable Loan loan;

    /** Whether the server is being asked if it is sound. */
    boolean isChecked;

    /** Whether it is closed, or about to be. */
    boolean isRetired;

    /** How it is closed, once it is retired. */
    Ending ending = Ending.GOOD_BYE;

    /** Whether it counts among the pool's: one that could not join is closed all the same. */
    boolean joined;

    /** From any thread: nothing of it is left. */
    final AtomicBoolean ended = new AtomicBoolean();

    /** @param generation in which of the pool's generations its login began; see {@link PoolMembers#nextGeneration} */
    Member(PoolMembers members, Session session, int generation) {
        this.members = members;
        this.session = session;
        this.generation = generation;
    }

    Session session() {
        return session;
    }

    int generation() {
        return generation;
    }

    /** It is closed. */
    @Override
    void decide() {
        members.closed(this);
    }

    @Override
    void act() {
        members.close(this, ending);
    }
}
