package io.memfuse.services.buffer;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands batches to the sink and settles what came through; finds a record that can never be written by halves, and gives it
 * up. Called by one thread at a time; the counts may be read by any.
 *
 * @param <R> a record
 */
final class BatchWriter<R> {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private final String channel;
    private final WaitingRecords<R> waiting;
    private final BufferSink<R> sink;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    BatchWriter(String channel, WaitingRecords<R> waiting, BufferSink<R> sink) {
        this.channel = channel;
        this.waiting = waiting;
        this.sink = sink;
    }

    /** Writes the oldest {@code max} records; when it throws, those that were not written wait as before. */
    void writeOldest(int max) throws Exception {
        List<R> batch = waiting.oldest(max);
        if (!batch.isEmpty()) {
            write(batch);
        }
    }

    /** INVARIANT: {@code batch} is the head of the queue, so settling its size removes exactly these. */
    private void write(List<R> batch) throws Exception {
        try {
            sink.write(batch);
        } catch (RefusedRecordException why) {
            if (batch.size() == 1) {
                giveUp(batch.get(0), why);
            } else {
                int half = batch.size() / 2;
                write(batch.subList(0, half));
                write(batch.subList(half, batch.size()));
            }
            return;
        }
        written.addAndGet(batch.size());
        waiting.settle(batch.size());
    }

    private void giveUp(R record, RefusedRecordException why) {
        try {
            sink.refused(record, why);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{}: the sink failed when told of a refused record: {}",
                    channel,
                    e.getClass().getName());
        }
        refused.incrementAndGet();
        waiting.settle(1);
    }

    long written() {
        return written.get();
    }

    long refused() {
        return refused.get();
    }
}
