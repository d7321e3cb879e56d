package io.memfuse.services.buffer;

import io.memfuse.core.time.Deadline;
import io.memfuse.services.StorageException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel: its queue, and when it is due to be written. A write is due once there is a full batch or the oldest record
 * has its age, unless the last write failed and the pause after it is not over.
 *
 * @param <R> a record
 */
final class QueuedChannel<R> implements BufferChannel<R> {

    /** Not due until something else happens. */
    static final long NEVER = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(QueuedChannel.class);

    private final String name;
    private final UserBuffer buffer;
    private final BufferSettings settings;
    private final BufferSink<R> sink;
    private final Backoff backoff;
    private final WaitingRecords<R> waiting;
    private final BatchWriter<R> writer;

    /** Replaced by the thread that has the turn to write; read by all. */
    private volatile Failures failures;

    /** The failed writes so far, those in a row up to now, what the last one was, and when the pause after it ends. */
    private record Failures(
            long total, int inARow, @Nullable Throwable last, long pauseUntilNanos) {

        static final Failures NONE = new Failures(0, 0, null, 0);

        Failures over() {
            return new Failures(total, 0, null, 0);
        }
    }

    QueuedChannel(String name, UserBuffer buffer, BufferSettings settings, Backoff backoff, BufferSink<R> sink) {
        this.name = name;
        this.buffer = buffer;
        this.settings = settings;
        this.sink = sink;
        this.backoff = backoff;
        this.waiting = new WaitingRecords<>(settings.capacity(), settings.batchSize(), buffer.ticker());
        this.writer = new BatchWriter<>(name, waiting, sink);
        this.failures = Failures.NONE;
    }

    @Override
    public void accept(R record) throws InterruptedException {
        Objects.requireNonNull(record, "record");
        Deadline deadline = Deadline.after(settings.maxPushBack(), buffer.ticker());
        switch (waiting.offer(record, sink.weigh(record), settings.maxPushBack())) {
            case ACCEPTED -> {}
            case ACCEPTED_FIRST, ACCEPTED_BATCH -> buffer.dueChanged();
            case FULL -> throw BufferException.full(name, deadline.elapsed(), stats(), lastFailure());
            case CLOSED -> throw BufferException.closed(name);
        }
    }

    @Override
    public void flush(Duration timeout) throws InterruptedException {
        buffer.flush(this, Deadline.after(timeout, buffer.ticker()));
    }

    @Override
    public BufferStats stats() {
        return new BufferStats(
                waiting.size(),
                waiting.usedSpace(),
                settings.capacity(),
                writer.written(),
                writer.refused(),
                failures.total());
    }

    @Override
    public void close() {
        buffer.close(this);
    }

    String name() {
        return name;
    }

    /** Accepts nothing more. */
    void refuse() {
        waiting.close();
    }

    /** Tells whether it is closed and all is written. */
    boolean isFinished() {
        return waiting.isFinished();
    }

    boolean isEmpty() {
        return waiting.size() == 0;
    }

    /** Returns the place in line of the last record accepted, for {@link #isSettled}. */
    long lastAccepted() {
        return waiting.accepted();
    }

    /** Tells whether all records up to {@code place} are written or given up. */
    boolean isSettled(long place) {
        return waiting.settled() >= place;
    }

    long failedWrites() {
        return failures.total();
    }

    @Nullable Throwable lastFailure() {
        return failures.last();
    }

    /** Returns how long until a write is due: zero or less if it is, {@link #NEVER} if nothing waits. */
    long nanosUntilDue() {
        int size = waiting.size();
        if (size == 0) {
            return NEVER;
        }
        Failures now = failures;
        if (now.inARow() > 0) {
            return now.pauseUntilNanos() - buffer.ticker().nanoTime();
        }
        return size >= settings.batchSize() ? 0 : settings.maxAge().toNanos() - waiting.oldestAgeNanos();
    }

    /** Writes one batch, due or not; a failure is kept, not thrown. Called by the thread that has the turn. */
    void writeBatch() {
        try {
            writer.writeOldest(settings.batchSize());
            recovered();
        } catch (Throwable failure) { // Whatever it is, the records are kept.
            failed(failure);
        }
    }

    private void recovered() {
        if (failures.inARow() > 0) {
            LOG.info("{}: writes again after {} failures ({})", name, failures.inARow(), stats());
            failures = failures.over();
        }
    }

    private void failed(Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        long now = buffer.ticker().nanoTime();
        Failures before = failures;
        // A write that a caller asked for during the pause does not make it longer.
        boolean early = before.inARow() > 0 && before.pauseUntilNanos() - now > 0;
        int inARow = early ? before.inARow() : before.inARow() + 1;
        long pauseUntil = early ? before.pauseUntilNanos() : now + backoff.pauseNanos(inARow);
        failures = new Failures(before.total() + 1, inARow, failure, pauseUntil);
        if (before.inARow() == 0) {
            LOG.warn("{}: a write failed and is tried again ({}): {}", name, stats(), describe(failure));
        } else {
            LOG.debug("{}: still fails ({}): {}", name, stats(), describe(failure));
        }
    }

    /** A driver's message may quote the records: who wants it asks the exception that {@link #flush} throws. */
    private static String describe(Throwable failure) {
        if (failure instanceof StorageException storage) {
            return String.valueOf(storage.getMessage());
        }
        String type = failure.getClass().getName();
        return failure instanceof SQLException sql ? type + ", SQLSTATE " + sql.getSQLState() : type;
    }
}
