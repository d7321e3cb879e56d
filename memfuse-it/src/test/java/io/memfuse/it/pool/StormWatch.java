package io.memfuse.it.pool;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Counts what happens to a reactive pool, and for how many connections its log has a reason to replace them. Thread-safe. */
final class StormWatch extends AppenderBase<ILoggingEvent>
        implements PoolListener, BeforeEachCallback, AfterEachCallback {

    private static final Logger LOANS = (Logger) LoggerFactory.getLogger("io.memfuse.pool.r2dbc.Loan");

    final AtomicInteger connected = new AtomicInteger();
    final AtomicInteger connectFailed = new AtomicInteger();
    final AtomicInteger acquired = new AtomicInteger();
    final AtomicInteger released = new AtomicInteger();
    final AtomicInteger timedOut = new AtomicInteger();
    private final AtomicInteger replaced = new AtomicInteger();

    int replaced() {
        return replaced.get();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        start();
        LOANS.setLevel(Level.DEBUG);
        LOANS.addAppender(this);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        LOANS.detachAppender(this);
        LOANS.setLevel(null);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getMessage().contains(" is replaced, for ")) {
            replaced.incrementAndGet();
        }
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        connected.incrementAndGet();
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        connectFailed.incrementAndGet();
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        acquired.incrementAndGet();
    }

    @Override
    public void released(PoolKey<?> key, long heldNanos) {
        released.incrementAndGet();
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        timedOut.incrementAndGet();
    }
}
