package io.memfuse.services.buffer;

import java.sql.SQLTransientException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A table that keeps each record once, and fails as the test says. Thread-safe. */
final class FakeSink implements BufferSink<String> {

    /** What becomes of a write. */
    enum Fault {
        /** Nothing is written. */
        REFUSE_ALL,
        /** All is written, and the caller does not come to know. */
        LOSE_ANSWER
    }

    final List<List<String>> batches = new CopyOnWriteArrayList<>();
    final List<String> table = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    volatile Set<String> poison = Set.of();
    volatile boolean down;
    volatile CountDownLatch gate = new CountDownLatch(0);
    final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    @Override
    public void write(List<String> records) throws Exception {
        if (running.incrementAndGet() > 1) {
            throw new AssertionError("two writes at once");
        }
        try {
            attempts.incrementAndGet();
            if (!gate.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the gate was not opened");
            }
            Fault fault = down ? Fault.REFUSE_ALL : faults.poll();
            if (fault == Fault.REFUSE_ALL) {
                throw new SQLTransientException("down");
            }
            if (records.stream().anyMatch(poison::contains)) {
                throw new RefusedRecordException(new IllegalArgumentException("poison"));
            }
            batches.add(records);
            records.stream().filter(record -> !table.contains(record)).forEach(table::add);
            if (fault == Fault.LOSE_ANSWER) {
                throw new SQLTransientException("the answer got lost");
            }
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public int weigh(String record) {
        return record.length();
    }

    @Override
    public void refused(String record, RefusedRecordException why) {
        refused.add(record);
    }
}
