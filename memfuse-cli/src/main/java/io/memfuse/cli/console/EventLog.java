package io.memfuse.cli.console;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.time.Durations;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last things that happened to pools, as a listener of theirs. Bounded; what happens to a pool again and again within a
 * second is one entry with a count, so that a storm of timeouts pushes nothing else out. Thread-safe; a request that goes well
 * costs it nothing.
 */
public final class EventLog implements PoolListener {

    /** So many are kept. */
    static final int CAPACITY = 300;

    private static final Duration TOGETHER = Duration.ofSeconds(1);

    /** What happened. */
    enum Kind {
        OPENED,
        OPEN_FAILED,
        CONNECT_FAILED,
        TIMED_OUT,
        LEAKED,
        EVICTED,
        CLOSED,
        ASKED
    }

    /**
     * One entry as it is now.
     *
     * @param id counted from 1
     * @param change counted from 1 over all entries; another one each time that the entry changes
     * @param atMillis since 1970, when it happened first
     * @param text what else there is to say, without a secret; may be empty
     * @param count how often it happened
     */
    record Event(long id, long change, long atMillis, Kind kind, String pool, String text, int count) {

        Event again(long newChange, String newText) {
            return new Event(id, newChange, atMillis, kind, pool, newText, count + 1);
        }

        Event becomes(Kind newKind, long newChange, String newText) {
            return new Event(id, newChange, atMillis, newKind, pool, newText, 1);
        }
    }

    private record Same(Kind kind, String pool) {}

    private final Clock clock;

    /** The identities of the entries, oldest first. Guarded by this, as all below. */
    private final Deque<Long> ids = new ArrayDeque<>();

    private final Map<Long, Event> events = new HashMap<>();
    private final Map<Same, Long> newest = new HashMap<>();
    private long changes;
    private long lastId;

    /** @param clock tells when something happens */
    public EventLog(Clock clock) {
        this.clock = clock;
    }

    /** Returns the entries that changed after {@code change}, 0 for all, the oldest first. */
    synchronized List<Event> since(long change) {
        return ids.stream()
                .map(id -> events.get(id))
                .filter(event -> event.change() > change)
                .toList();
    }

    private synchronized void add(Kind kind, PoolKey<?> key, String text) {
        var same = new Same(kind, key.toString());
        long nowMillis = clock.millis();
        changes++;
        Event before = recent(same, nowMillis);
        if (before != null && (kind != Kind.ASKED || before.text().equals(text))) {
            events.put(before.id(), before.again(changes, text));
            return;
        }
        lastId++;
        events.put(lastId, new Event(lastId, changes, nowMillis, kind, same.pool(), text, 1));
        ids.addLast(lastId);
        newest.put(same, lastId);
        if (ids.size() > CAPACITY) {
            Long gone = ids.removeFirst();
            events.remove(gone);
            newest.values().remove(gone);
        }
    }

    private @Nullable Event recent(Same same, long nowMillis) {
        Event event = events.get(newest.getOrDefault(same, 0L));
        return event != null && nowMillis - event.atMillis() < TOGETHER.toMillis() ? event : null;
    }

    /** A login that fails, and with it the opening that it was for, are one entry. */
    private synchronized void addOpenFailed(PoolKey<?> key, String text) {
        var login = new Same(Kind.CONNECT_FAILED, key.toString());
        var opening = new Same(Kind.OPEN_FAILED, login.pool());
        long nowMillis = clock.millis();
        Event failed = recent(login, nowMillis);
        if (failed == null || failed.count() > 1 || recent(opening, nowMillis) != null) {
            add(Kind.OPEN_FAILED, key, text);
            return;
        }
        changes++;
        newest.remove(login);
        newest.put(opening, failed.id());
        events.put(failed.id(), failed.becomes(Kind.OPEN_FAILED, changes, text));
    }

    /** Somebody asks for this to be done to a pool. */
    void asked(PoolKey<?> key, String what) {
        add(Kind.ASKED, key, what);
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        add(Kind.OPENED, key, "in " + Durations.format(Duration.ofNanos(tookNanos)));
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        addOpenFailed(key, text(failure));
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        add(Kind.CONNECT_FAILED, key, text(failure));
    }

    private static String text(PoolException failure) {
        String message = failure.getMessage();
        return message == null ? failure.code() : message;
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        add(Kind.TIMED_OUT, key, "after " + Durations.format(Duration.ofNanos(waitedNanos)));
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        add(Kind.LEAKED, key, "held by " + holder);
    }

    @Override
    public void evicted(PoolKey<?> key) {
        add(Kind.EVICTED, key, "");
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        add(Kind.CLOSED, key, report.summary());
    }
}
