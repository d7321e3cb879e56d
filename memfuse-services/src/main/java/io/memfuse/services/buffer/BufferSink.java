package io.memfuse.services.buffer;

import java.util.List;

/**
 * Writes the records of a channel. Called by one thread at a time, under no lock; may block.
 *
 * <p>When the answer to a write is lost, nobody knows whether it happened. The buffer then hands over the same records
 * again, in the same order. Each is written once nevertheless if it carries an identity of its own and the sink ignores
 * what is there already: {@code insert … on conflict do nothing}.
 *
 * @param <R> a record
 */
@FunctionalInterface
public interface BufferSink<R> {

    /**
     * Writes all of the records, or none.
     *
     * @param records in the order in which they were accepted; immutable
     * @throws RefusedRecordException if one of them can never be written, however often it is tried. The buffer then looks
     *     for it by halves, and writes the others
     * @throws Exception if they cannot be written now: they are kept and tried again
     */
    void write(List<R> records) throws Exception;

    /**
     * Weighs a record, in units of the channel's space: for records that differ much in size. Called by the thread that
     * offers it.
     */
    default int weigh(R record) {
        return 1;
    }

    /**
     * Is told of a record that can never be written, and that the buffer therefore gives up. What it throws is logged.
     *
     * @param why what {@link #write} threw for this record alone
     */
    default void refused(R record, RefusedRecordException why) {}
}
