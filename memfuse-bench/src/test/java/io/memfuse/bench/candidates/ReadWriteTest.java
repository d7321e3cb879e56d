package io.memfuse.bench.candidates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is measured must at least be a lock. */
class ReadWriteTest {

    private static final int THREADS = 4;
    private static final int ROUNDS = 20_000;
    private static final int WRITE_EVERY = 7;

    static Stream<ReadWrite> locks() {
        return Stream.of(new OneWordReadWriteLock(), new DekkerReadWriteLock(), new BravoReadWriteLock());
    }

    /** Not volatile: only the lock makes it visible and whole. */
    private static final class Guarded {
        long first;
        long second;
    }

    @ParameterizedTest
    @MethodSource("locks")
    void aWriterIsAlone(ReadWrite lock) throws Exception {
        var guarded = new Guarded();
        var torn = new AtomicInteger();
        onAllThreads(thread -> {
            for (int round = 0; round < ROUNDS; round++) {
                if ((round + thread) % WRITE_EVERY == 0) {
                    long ticket = lock.lockWrite();
                    guarded.first++;
                    guarded.second++;
                    lock.unlockWrite(ticket);
                } else {
                    long ticket = lock.lockRead();
                    if (guarded.first != guarded.second) {
                        torn.incrementAndGet();
                    }
                    lock.unlockRead(ticket);
                }
            }
        });

        long writes = 0;
        for (int thread = 0; thread < THREADS; thread++) {
            for (int round = 0; round < ROUNDS; round++) {
                writes += (round + thread) % WRITE_EVERY == 0 ? 1 : 0;
            }
        }
        assertThat(torn).hasValue(0);
        assertThat(guarded.first).isEqualTo(writes).isEqualTo(guarded.second);
    }

    @ParameterizedTest
    @MethodSource("locks")
    void readersAreTogether(ReadWrite lock) throws Exception {
        var together = new CyclicBarrier(THREADS);
        onAllThreads(thread -> {
            long ticket = lock.lockRead();
            together.await(10, TimeUnit.SECONDS);
            lock.unlockRead(ticket);
        });

        long ticket = lock.lockWrite(); // All of them have left.
        lock.unlockWrite(ticket);
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void onAllThreads(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(threads.submit(() -> {
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
