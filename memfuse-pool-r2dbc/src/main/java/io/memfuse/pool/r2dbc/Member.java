package io.memfuse.pool.r2dbc;

import org.jspecify.annotations.Nullable;

/**
 * One physical connection of a pool, from its login until it is closed: not what a borrower sees, who is given a {@link Loan}
 * of it. Touched by the pool's steps only, but for its session.
 */
final class Member {

    private final Session session;
    private final int generation;

    /** How many statements were executed on it, over all its loans. */
    long executed;

    /** Since when nobody has it. */
    long idleSinceNanos;

    /** What its borrower has, if it has one. */
    @Nullable Loan loan;

    /** @param generation in which of the pool's generations its login began; see {@link PoolMembers#nextGeneration} */
    Member(Session session, int generation) {
        this.session = session;
        this.generation = generation;
    }

    Session session() {
        return session;
    }

    int generation() {
        return generation;
    }
}
