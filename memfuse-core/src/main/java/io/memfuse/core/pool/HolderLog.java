package io.memfuse.core.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds the connections of one pool, as far as {@link HolderTracking} wants it known; for adapters. Reports, once for each loan,
 * what is held for too long. Keeps a timer only while somebody holds something. Thread-safe.
 */
public final class HolderLog {

    /** A borrower, and where he asked. Immutable. */
    public static final class Borrower {

        private final String name;
        private final Throwable here = new Throwable("borrowed here");

        private Borrower(String name) {
            this.name = name;
        }

        private List<StackTraceElement> stack() {
            return Arrays.stream(here.getStackTrace())
                    .dropWhile(frame -> isOwn(frame.getClassName()))
                    .toList();
        }

        private static boolean isOwn(String className) {
            return className.startsWith("io.memfuse.core.") || className.startsWith("io.memfuse.pool.");
        }
    }

    private record Loan(Borrower borrower, long sinceNanos, AtomicBoolean reported) {

        ConnectionHolder holder(long nowNanos) {
            return new ConnectionHolder(borrower.name, Duration.ofNanos(nowNanos - sinceNanos), borrower.stack());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(HolderLog.class);

    private final PoolContext context;
    private final HolderTracking tracking;
    private final long thresholdNanos;

    /** By what identifies the loan. */
    private final Map<Object, Loan> loans = new ConcurrentHashMap<>();

    private final AtomicBoolean watching = new AtomicBoolean();

    private HolderLog(PoolContext context) {
        this.context = context;
        this.tracking = context.holderTracking();
        this.thresholdNanos = TimeUnit.NANOSECONDS.convert(tracking.leakThreshold());
    }

    /** Returns the log of a pool; null if nothing is tracked, and there is nothing to be done. */
    public static @Nullable HolderLog of(PoolContext context) {
        return context.holderTracking().isOn() ? new HolderLog(context) : null;
    }

    /**
     * Returns the borrower who asks now, on this thread, if he is one of those that are tracked; else null.
     *
     * @param name what names him, such as his thread
     */
    public @Nullable Borrower borrower(String name) {
        int oneIn = tracking.oneIn();
        return oneIn == 1 || (ThreadLocalRandom.current().nextInt() & (oneIn - 1)) == 0 ? new Borrower(name) : null;
    }

    /**
     * He is about to be lent something.
     *
     * @param loan identifies it until {@link #ended}; that may come at any time from now on
     */
    public void began(Object loan, Borrower borrower) {
        loans.put(loan, new Loan(borrower, context.ticker().nanoTime(), new AtomicBoolean()));
        watch();
    }

    /** It was given back, or taken away. Does nothing if it is not tracked. */
    public void ended(Object loan) {
        loans.remove(loan);
    }

    /** Returns who holds something at the moment, the longest first. */
    public List<ConnectionHolder> holders() {
        long nowNanos = context.ticker().nanoTime();
        return loans.values().stream()
                .sorted(Comparator.comparingLong((Loan loan) -> loan.sinceNanos - nowNanos))
                .map(loan -> loan.holder(nowNanos))
                .toList();
    }

    private void watch() {
        if (thresholdNanos > 0 && watching.compareAndSet(false, true)) {
            try {
                Future<?> unused =
                        context.scheduler().schedule(this::lookSoon, thresholdNanos / 2, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException shutDown) {
                // The platform closes, and takes away what is held.
            }
        }
    }

    private void lookSoon() {
        try {
            context.executor().execute(this::look);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            watching.set(false); // No thread is to be had: the next loan has them looked at again.
        }
    }

    private void look() {
        long nowNanos = context.ticker().nanoTime();
        try {
            for (Loan loan : new ArrayList<>(loans.values())) {
                boolean tooLong = nowNanos - loan.sinceNanos >= thresholdNanos;
                if (tooLong && loan.reported.compareAndSet(false, true)) {
                    report(loan.holder(nowNanos), loan.borrower.here);
                }
            }
        } finally {
            // INVARIANT: a loan is added and then `watching` read; here it is set and then the loans are read.
            // So no loan is left that nobody looks at.
            watching.set(false);
            if (!loans.isEmpty()) {
                watch();
            }
        }
    }

    private void report(ConnectionHolder holder, Throwable here) {
        LOG.warn("{}: a connection is held for too long, by {}", context.key(), holder, here);
        context.listener().leaked(context.key(), holder);
    }
}
