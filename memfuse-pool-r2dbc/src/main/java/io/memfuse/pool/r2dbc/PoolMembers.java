package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolStats;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The connections of one pool, and how many there may be. Touched by the pool's steps only.
 *
 * <p>INVARIANT: each member is idle, being checked, lent or retired. A retired one counts against the maximum until it is closed,
 * for so long there is one on the server.
 */
final class PoolMembers {

    private static final Logger LOG = LoggerFactory.getLogger(PoolMembers.class);

    /** For a good-bye; then the connection is cut off. */
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(2);

    private final PoolCore pool;
    private final PoolLimits limits;
    private final Lifetime lifetime;

    /** The one that was used last first. Has room for all of them, so that one that comes back needs no memory. */
    private ArrayDeque<Member> idle;

    private int idleRoom = 8;

    /** All, until they are closed; few enough to be looked through. */
    private final List<Member> all = new ArrayList<>();

    private int retired;
    private int checking;
    private int minSize;
    private int maxSize;
    private int generation;

    PoolMembers(PoolCore pool, PoolLimits limits) {
        this.pool = pool;
        this.limits = limits;
        this.lifetime = new Lifetime(
                limits.maxConnectionLifetime(),
                () -> ThreadLocalRandom.current().nextDouble());
        this.idle = new ArrayDeque<>(idleRoom);
        this.minSize = limits.minSize();
        this.maxSize = limits.maxSize();
    }

    int minSize() {
        return minSize;
    }

    /** Returns how many more there may be. */
    int room() {
        return maxSize - all.size();
    }

    /** Returns how many there are to lend, now or later. */
    int live() {
        return all.size() - retired;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    int generation() {
        return generation;
    }

    int checking() {
        return checking;
    }

    /** Returns how many lie idle or will, if they are sound. */
    int ready() {
        return idle.size() + checking;
    }

    PoolStats stats(int waiting, Duration oldestWaiterAge) {
        return new PoolStats(live(), live() - ready(), ready(), waiting, oldestWaiterAge, minSize, maxSize);
    }

    /**
     * A connection was made. What may fail is done before it counts.
     *
     * @return the member; null if it cannot be one of the pool's, for there is no memory, say: it is cut off
     */
    @Nullable Member join(Session session, int bornIn) {
        Member made = null;
        try {
            var member = new Member(this, session, bornIn);
            made = member;
            makeRoom();
            long nowNanos = pool.nanoTime();
            member.endsAtNanos = lifetime.endNanos(nowNanos);
            member.session().whenDisconnected(() -> pool.tell(() -> disconnected(member)));
            all.add(member);
            member.joined = true;
            if (pool.isDraining() || isUnwanted(member, nowNanos)) {
                retire(member, Ending.GOOD_BYE);
            } else {
                layIdle(member, nowNanos);
            }
            return member;
        } catch (RuntimeException | Error e) {
            Logs.warn(LOG, pool.key(), "a connection was made, and cannot be used", e);
            if (made == null) {
                session.cutOff();
            } else {
                retire(made, Ending.CUT_OFF);
            }
            return null;
        }
    }

    private void makeRoom() {
        if (all.size() >= idleRoom) {
            var larger = new ArrayDeque<Member>(2 * idleRoom);
            larger.addAll(idle);
            idle = larger;
            idleRoom *= 2;
        }
    }

    /** Tells whether the pool wants to be rid of a member that nobody has at the moment. */
    boolean isUnwanted(Member member, long nowNanos) {
        boolean spent = limits.maxQueries() > 0 && member.executed >= limits.maxQueries();
        return spent || member.generation() != generation || live() > maxSize || isOld(member, nowNanos);
    }

    private boolean isOld(Member member, long nowNanos) {
        return lifetime.isLimited() && nowNanos - member.endsAtNanos >= 0;
    }

    void layIdle(Member member, long sinceNanos) {
        member.idleSinceNanos = sinceNanos;
        idle.addFirst(member);
    }

    @Nullable Member firstIdle() {
        return idle.peekFirst();
    }

    /** The first that is idle is lent. */
    void takeIdle() {
        idle.removeFirst();
    }

    /** The first that is idle is checked. */
    void checkFirst() {
        idle.removeFirst().isChecked = true;
        checking++;
    }

    /** Returns what borrowers have at the moment. */
    List<Loan> loans() {
        List<Loan> loans = new ArrayList<>();
        for (Member member : all) {
            if (member.loan != null) {
                loans.add(member.loan);
            }
        }
        return loans;
    }

    /** Tells whether there is one left that may serve somebody, now or when it comes back. */
    boolean isAnyConnected() {
        for (Member member : all) {
            if (!member.isRetired && member.session().isConnected()) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether borrowers have some at the moment. */
    boolean isAnyLent() {
        return live() > ready();
    }

    /** The check is over; false if it was already. */
    boolean checked(Member member) {
        boolean first = member.isChecked;
        member.isChecked = false;
        checking -= first ? 1 : 0;
        return first;
    }

    /** Retires those that are being checked, which nobody wants any more, and which may never answer. */
    void retireChecked() {
        for (Member member : all) {
            if (checked(member)) {
                retire(member, Ending.CUT_OFF);
            }
        }
    }

    private void disconnected(Member member) {
        // One that is lent or checked goes when it comes back; but if it was the last, nobody need wait for it.
        if (idle.remove(member)) {
            retire(member, Ending.CUT_OFF);
            pool.changed();
        } else if (!member.isRetired) {
            pool.supply().adjust();
        }
    }

    /** Is rid of a member that nobody has; nothing in it can fail half-way. */
    void retire(Member member, Ending ending) {
        retired += member.joined ? 1 : 0;
        member.isRetired = true;
        member.ending = ending;
        pool.follow(member);
    }

    /** Closes a member that is retired. */
    void close(Member member, Ending ending) {
        Session session = member.session();
        boolean begun = false;
        try {
            Mono<Void> closing = switch (ending) {
                case GOOD_BYE -> session.close();
                case CUT_OFF -> Mono.empty();
                case CANCEL -> session.isConnected() ? session.cancel() : Mono.empty();
            };
            Timed.start(closing, CLOSING_LIMIT, pool.context(), (done, failure) -> {
                end(member);
                if (failure != null) {
                    LOG.debug("{}: {} was not closed properly", pool.key(), session.connection(), failure);
                }
            });
            begun = true;
        } finally {
            if (!begun) {
                end(member);
            }
        }
    }

    /** That it is gone is the member itself as a step, so that its place is free again though there is no memory. */
    private void end(Member member) {
        if (member.ended.compareAndSet(false, true)) {
            try {
                member.session().cutOff();
            } finally {
                pool.submit(member);
            }
        }
    }

    /** A member is closed. */
    void closed(Member member) {
        if (member.joined) {
            all.remove(member);
            retired--;
        }
        pool.changed();
    }

    // Sizes.

    void resize(int newMinSize, int newMaxSize) {
        minSize = newMinSize;
        maxSize = newMaxSize;
        retireIdle(Math.max(0, idle.size() - Math.max(0, live() - newMaxSize)));
    }

    /** Retires those that lie idle, the longest first, down to so many. */
    void retireIdle(int left) {
        while (idle.size() > left) {
            retire(idle.removeLast(), Ending.GOOD_BYE);
        }
    }

    /** One of those that lay idle is dead, and others that were idle for as long as this probably are: they go unasked. */
    void mistrust(long idleNanos, long nowNanos) {
        while (!idle.isEmpty() && nowNanos - idle.getLast().idleSinceNanos >= idleNanos) {
            retire(idle.removeLast(), Ending.CUT_OFF);
        }
    }

    /** Replaces every member: what is idle now, the others when they come back. */
    void nextGeneration() {
        generation++;
        retireIdle(0);
    }

    // Time.

    /** Retires those that lie idle and are old; one that is lent is retired when it comes back. */
    void retireOld(long nowNanos) {
        for (Iterator<Member> each = idle.iterator(); each.hasNext(); ) {
            Member member = each.next();
            if (isOld(member, nowNanos)) {
                each.remove();
                retire(member, Ending.GOOD_BYE);
            }
        }
    }

    /** Has the pool look again when this one is old. */
    void wakeForOld(Member member) {
        if (lifetime.isLimited()) {
            pool.wakeBy(member.endsAtNanos);
        }
    }

    /** Has the pool look again when the next one is old. */
    void wakeForOld(long nowNanos) {
        long soonestNanos = Long.MAX_VALUE;
        for (Member member : all) {
            // Those that are old already are lent, or about to be closed.
            if (lifetime.isLimited() && !isOld(member, nowNanos)) {
                soonestNanos = Math.min(soonestNanos, member.endsAtNanos - nowNanos);
            }
        }
        if (soonestNanos < Long.MAX_VALUE) {
            pool.wakeBy(nowNanos + soonestNanos);
        }
    }

    /** Tells whether some lie idle that may not for ever. */
    boolean hasInactive() {
        return !limits.maxInactiveConnectionLifetime().isZero() && idle.size() > minSize;
    }

    /** Returns when the one that lies idle longest has done so for long enough. */
    long inactiveAtNanos() {
        return idle.getLast().idleSinceNanos
                + limits.maxInactiveConnectionLifetime().toNanos();
    }

    void retireInactive(long nowNanos) {
        while (hasInactive() && nowNanos - inactiveAtNanos() >= 0) {
            retire(idle.removeLast(), Ending.GOOD_BYE);
        }
    }
}
