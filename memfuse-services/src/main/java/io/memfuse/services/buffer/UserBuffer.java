package io.memfuse.services.buffer;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one user and the turn to write.
 *
 * <p>Whoever has the turn writes one batch and gives it back: a task on the shared executor when a write is due, or a caller
 * of {@code flush} or {@code close}, on its own thread. So neither of these ever waits for a thread of the executor, all of
 * whose threads may be busy; and while nothing is due, no thread is taken at all.
 *
 * <p>INVARIANT: whoever gives the turn back looks afterwards whether something is due ({@link #dueChanged}). A task that finds
 * the turn taken can therefore end at once, and no record is forgotten.
 */
final class UserBuffer implements BufferService, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UserBuffer.class);

    private final String user;
    private final BufferSettings settings;
    private final Backoff backoff;
    private final Ticker ticker;
    private final WakeUp wakeUp;

    private final List<QueuedChannel<?>> channels = new CopyOnWriteArrayList<>();

    /** Fair, so that callers who flush are not overtaken by each other. */
    private final Semaphore turn = new Semaphore(1, true);

    private volatile boolean closing;
    private volatile boolean ended;

    UserBuffer(ServiceContext context, BufferSettings settings, RandomGenerator random) {
        this.user = context.user();
        this.settings = settings;
        this.backoff = new Backoff(settings.minBackoff(), settings.maxBackoff(), random);
        this.ticker = context.ticker();
        this.wakeUp = new WakeUp(this::writeWhatIsDue, context.scheduler(), context.executor(), ticker);
    }

    @Override
    public <R> BufferChannel<R> open(String name, BufferSink<R> sink) {
        String fullName = "buffer '" + name + "' of user '" + user + "'";
        var channel = new QueuedChannel<>(fullName, this, settings, backoff, sink);
        channels.add(channel);
        // Looked at after the channel can be seen: either this finds the buffer closing, or closing finds the channel.
        if (closing) {
            channels.remove(channel);
            throw BufferException.closed(fullName);
        }
        return channel;
    }

    Ticker ticker() {
        return ticker;
    }

    /** Looks when the next write is due, and sees to it. Never blocks. */
    void dueChanged() {
        if (ended) {
            return;
        }
        long nanos = nanosUntilDue();
        if (nanos <= 0) {
            wakeUp.now();
        } else if (nanos != QueuedChannel.NEVER) {
            wakeUp.in(nanos);
        }
    }

    private long nanosUntilDue() {
        return channels.stream().mapToLong(QueuedChannel::nanosUntilDue).min().orElse(QueuedChannel.NEVER);
    }

    /** The task on the executor: one round, and the next one if need be, so that others get the turn in between. */
    private void writeWhatIsDue() {
        if (!turn.tryAcquire()) {
            return;
        }
        try {
            for (QueuedChannel<?> channel : channels) {
                if (!ended && channel.nanosUntilDue() <= 0) {
                    channel.writeBatch();
                }
            }
        } finally {
            turn.release();
        }
        channels.removeIf(QueuedChannel::isFinished);
        dueChanged();
    }

    /** Returns once all that {@code channel} has accepted by now is settled; see {@link BufferChannel#flush}. */
    void flush(QueuedChannel<?> channel, Deadline deadline) throws InterruptedException {
        long place = channel.lastAccepted();
        long failedBefore = channel.failedWrites();
        while (!channel.isSettled(place)) {
            if (channel.failedWrites() != failedBefore
                    || deadline.hasPassed()
                    || !turn.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw BufferException.notWritten(
                        channel.name(), deadline.elapsed(), channel.stats(), channel.lastFailure());
            }
            writeInTurn(channel, place, failedBefore);
        }
    }

    /**
     * Gives the turn back after a write, unless that became needless or a write failed meanwhile: a thousand callers share one
     * failure, and do not queue up to meet it one after another.
     */
    private void writeInTurn(QueuedChannel<?> channel, long place, long failedBefore) {
        try {
            if (!channel.isSettled(place) && channel.failedWrites() == failedBefore) {
                channel.writeBatch();
            }
        } finally {
            turn.release();
        }
        dueChanged();
    }

    /** See {@link BufferChannel#close}. */
    void close(QueuedChannel<?> channel) {
        Deadline deadline = Deadline.after(settings.closeTimeout(), ticker);
        channel.refuse();
        drain(channel, deadline);
        if (!channel.isEmpty()) {
            throw BufferException.notWritten(
                    channel.name(), deadline.elapsed(), channel.stats(), channel.lastFailure());
        }
        channels.removeIf(QueuedChannel::isFinished);
    }

    /**
     * Closes all channels, together within the time-out.
     *
     * @throws BufferException if records are lost; those of further channels are suppressed in it
     */
    @Override
    public void close() {
        Deadline deadline = Deadline.after(settings.closeTimeout(), ticker);
        closing = true;
        channels.forEach(QueuedChannel::refuse);
        channels.forEach(channel -> drain(channel, deadline));
        ended = true;
        channels.stream()
                .filter(channel -> !channel.isEmpty())
                .map(channel -> BufferException.lost(
                        channel.name(), deadline.elapsed(), channel.stats(), channel.lastFailure()))
                .reduce((first, further) -> {
                    first.addSuppressed(further);
                    return first;
                })
                .ifPresent(lost -> {
                    throw lost;
                });
    }

    /** Writes until the channel is empty or the deadline has passed; an interrupt counts as the deadline. */
    private void drain(QueuedChannel<?> channel, Deadline deadline) {
        boolean interrupted = false;
        try {
            while (!channel.isEmpty() && !deadline.hasPassed()) {
                try {
                    flush(channel, deadline);
                } catch (BufferException failed) {
                    LOG.debug("{}: cannot be closed yet: {}", channel.name(), failed.getMessage());
                    pause(channel, deadline);
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
            lastAttempt(channel);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause(QueuedChannel<?> channel, Deadline deadline) throws InterruptedException {
        long nanos = channel.nanosUntilDue();
        if (nanos != QueuedChannel.NEVER) {
            TimeUnit.NANOSECONDS.sleep(Math.min(nanos, deadline.remainingNanos()));
        }
    }

    private void lastAttempt(QueuedChannel<?> channel) {
        long failedBefore = channel.failedWrites();
        while (!channel.isEmpty() && channel.failedWrites() == failedBefore && turn.tryAcquire()) {
            writeInTurn(channel, channel.lastAccepted(), failedBefore);
        }
    }
}
