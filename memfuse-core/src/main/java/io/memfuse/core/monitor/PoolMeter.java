package io.memfuse.core.monitor;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.LoanCount;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.time.Times;
import io.memfuse.core.time.TimesRecorder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what happens to one pool; has it counted by the pool itself how often it lends. Thread-safe. */
final class PoolMeter implements PoolListener {

    private static final VarHandle WAITS = recorder("waits");
    private static final VarHandle USES = recorder("uses");
    private static final VarHandle CONNECTS = recorder("connects");

    private final int timesOneIn;
    private final LoanCounts loans = new LoanCounts();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder leaked = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder openFailed = new LongAdder();
    private final LongAdder connected = new LongAdder();
    private final LongAdder connectFailed = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private volatile @Nullable PoolException lastFailure;

    // Made when they are needed: of a thousand pools most are asked for little.
    private volatile @Nullable TimesRecorder waits;
    private volatile @Nullable TimesRecorder uses;
    private volatile @Nullable TimesRecorder connects;

    /** Guarded by the monitor's lock on the key. */
    private long handedOutAt;

    PoolMeter(int timesOneIn) {
        this.timesOneIn = timesOneIn;
    }

    /** It is handed out, to be told of an opening, when so many looks had begun. */
    void handOut(long looks, LoanCount opening) {
        handedOutAt = looks;
        loans.add(opening);
    }

    /** Returns how many looks had begun when it was last handed out. */
    long handedOutAt() {
        return handedOutAt;
    }

    private static VarHandle recorder(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(PoolMeter.class, field, TimesRecorder.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private void record(VarHandle field, long nanos) {
        var recorder = (TimesRecorder) field.getVolatile(this);
        if (recorder == null) {
            field.compareAndSet(this, null, new TimesRecorder());
            recorder = (TimesRecorder) field.getVolatile(this);
        }
        recorder.record(nanos);
    }

    @Override
    public int timesOneIn() {
        return timesOneIn;
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        opened.increment();
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        openFailed.increment();
        lastFailure = failure;
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        connected.increment();
        lastFailure = null;
        record(CONNECTS, tookNanos);
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        connectFailed.increment();
        lastFailure = failure;
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        record(WAITS, waitedNanos);
    }

    @Override
    public void released(PoolKey<?> key, long heldNanos) {
        record(USES, heldNanos);
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        timedOut.increment();
    }

    @Override
    public void refused(PoolKey<?> key, PoolException failure) {
        refused.increment();
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        leaked.increment();
    }

    @Override
    public void evicted(PoolKey<?> key) {
        evicted.increment();
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        closed.increment();
    }

    /** Has the pool tell how often it lent: adapter's code, to be called under no lock. */
    void ask() {
        loans.ask();
    }

    /** Returns what happened, and how often the pool lent when it was asked last. */
    PoolActivity activity() {
        return new PoolActivity(
                opened.sum(),
                openFailed.sum(),
                connected.sum(),
                connectFailed.sum(),
                loans.known(),
                timedOut.sum(),
                refused.sum(),
                leaked.sum(),
                evicted.sum(),
                closed.sum(),
                snapshot(waits),
                snapshot(uses),
                snapshot(connects),
                lastFailure);
    }

    private static Times snapshot(@Nullable TimesRecorder recorder) {
        return recorder == null ? Times.NONE : recorder.snapshot();
    }
}
