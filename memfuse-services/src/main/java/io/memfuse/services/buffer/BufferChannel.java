package io.memfuse.services.buffer;

import java.time.Duration;

/**
 * A bounded queue of records that are written soon, in the order in which they were accepted. Thread-safe; any number of
 * threads may accept and flush at once.
 *
 * @param <R> a record; immutable
 */
public interface BufferChannel<R> extends AutoCloseable {

    /**
     * Accepts a record: from here on it is written once, or {@link #close} says that it is not. While the channel is full,
     * waits for space; threads that wait are served in turn.
     *
     * @throws BufferException if there is no space in time, or the channel is closed; the record is not accepted
     * @throws InterruptedException if the thread is interrupted while it waits; the record is not accepted
     */
    void accept(R record) throws InterruptedException;

    /**
     * Returns once all records accepted before the call are written (or refused one by one, see {@link BufferSink}). May
     * write on the calling thread. Does not try twice: the first failure is reported, and the records are kept and tried
     * again in the background.
     *
     * @param timeout no write is begun after it, and one that another thread has under way is not waited for longer
     * @throws BufferException if they are not all written; the cause is the sink's failure, if there was one
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void flush(Duration timeout) throws InterruptedException;

    /** Returns the numbers of this moment. Never blocks. */
    BufferStats stats();

    /**
     * Accepts nothing more and writes what there is; tries again when that fails, up to the service's deadline. Does
     * nothing if all is written already. An interrupt ends the waiting, not the writing.
     *
     * @throws BufferException if records are left; they stay with the service, which goes on trying until it is closed
     */
    @Override
    void close();
}
