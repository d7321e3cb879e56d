package io.memfuse.micrometer;

import io.memfuse.core.monitor.MonitorSnapshot;
import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.pool.PoolKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Books what happens to the pools: on each pool's account, on that of all, and on that of the others, where what happens to a
 * pool goes while it has no meters of its own. No account ever becomes less, whichever pools come, go or change sides, for a
 * counter that does is taken for one that began anew. Not thread-safe.
 */
final class Accounts {

    private final Map<PoolKey<?>, Account> accounts = new HashMap<>();
    private final Account gone = new Account();
    private Counts others = Counts.NONE;
    private Counts all = Counts.NONE;

    private static final class Account {

        private Counts seen = Counts.NONE;
        private PoolTally tally = new PoolTally();

        Counts advance(Counts now) {
            Counts more = now.since(seen);
            seen = now;
            return tally.add(more);
        }
    }

    /** Books what happened since the last time. */
    void advance(MonitorSnapshot monitored, Set<PoolKey<?>> shown) {
        Counts knownOfGone = forget(monitored);
        // What became of pools after they were last seen, and before they were gone.
        Counts moreGone = Counts.of(monitored.gone()).since(gone.seen.plus(knownOfGone));
        gone.seen = Counts.of(monitored.gone());
        book(gone.tally.add(moreGone), false);
        monitored.pools().forEach((key, activity) -> {
            Account account = accounts.computeIfAbsent(key, unused -> new Account());
            book(account.advance(Counts.of(activity)), shown.contains(key));
        });
    }

    private void book(Counts more, boolean isShown) {
        all = all.plus(more);
        if (!isShown) {
            others = others.plus(more);
        }
    }

    /** Closes the accounts of pools that are gone, or that began anew; returns what was known of them. */
    private Counts forget(MonitorSnapshot monitored) {
        Counts known = Counts.NONE;
        for (var entries = accounts.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            PoolActivity now = monitored.pools().get(entry.getKey());
            if (now == null || Counts.of(now).isBehind(entry.getValue().seen)) {
                known = known.plus(entry.getValue().seen);
                entries.remove();
            }
        }
        return known;
    }

    /** Returns what happened to a pool since it is known. */
    Counts of(PoolKey<?> key) {
        Account account = accounts.get(key);
        return account == null ? Counts.NONE : account.tally.sum();
    }

    /** Returns what happened to pools while they had no meters of their own. */
    Counts others() {
        return others;
    }

    /** Returns what happened to all pools, those that are gone among them. */
    Counts all() {
        return all;
    }
}
