package io.memfuse.core.testing;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the names of the events, in order. */
public final class RecordingListener implements PoolListener {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<PoolException> connectFailures = new CopyOnWriteArrayList<>();

    @Override
    public int timesOneIn() {
        return 1;
    }

    /** Returns the events so far, such as {@code opened}. */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** Returns why attempts to connect failed, in order. */
    public List<PoolException> connectFailures() {
        return List.copyOf(connectFailures);
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        events.add("opened");
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        events.add("openFailed");
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        events.add("connected");
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        events.add("connectFailed");
        connectFailures.add(failure);
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        events.add("acquired");
    }

    @Override
    public void released(PoolKey<?> key, long heldNanos) {
        events.add("released");
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        events.add("timedOut");
    }

    @Override
    public void refused(PoolKey<?> key, PoolException failure) {
        events.add("refused");
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        events.add("leaked");
    }

    @Override
    public void evicted(PoolKey<?> key) {
        events.add("evicted");
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        events.add("closed");
    }
}
