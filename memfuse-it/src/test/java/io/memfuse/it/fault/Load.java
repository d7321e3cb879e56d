package io.memfuse.it.fault;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Callers who write to one database, again and again, each a number that no other attempt has. Thread-safe. */
final class Load {

    /** Writes one number; returns when the database has acknowledged it. */
    @FunctionalInterface
    interface Writer {
        void write(long number) throws Exception;
    }

    /** How one attempt went; times are of {@link System#nanoTime()}. */
    record Outcome(long startNanos, long endNanos, @Nullable Throwable failure) {

        Duration took() {
            return Duration.ofNanos(endNanos - startNanos);
        }
    }

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Duration PACE = Duration.ofMillis(5);

    private final String database;
    private final Writer writer;
    private final List<Thread> workers = new ArrayList<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile long disregarded;
    private volatile boolean paused;
    private volatile boolean over;

    Load(String database, int callers, Writer writer) {
        this.database = database;
        this.writer = writer;
        for (int i = 0; i < callers; i++) {
            var worker = new Thread(this::work, "load-" + database + "-" + i);
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
    }

    private void work() {
        while (!over) {
            LockSupport.parkNanos(PACE.toNanos());
            busy.incrementAndGet();
            // INVARIANT: who sees the pause after it counted itself does nothing, so that nobody is busy means that
            // nobody will be.
            if (paused || over) {
                boolean unused = Thread.interrupted(); // It would strike when the fault is long over.
            } else {
                attempt();
            }
            busy.decrementAndGet();
        }
    }

    private void attempt() {
        long number = NUMBERS.incrementAndGet();
        long startNanos = System.nanoTime();
        Throwable failure = null;
        try {
            writer.write(number);
            acknowledged.add(number);
        } catch (Throwable e) {
            failure = e;
            boolean unused = Thread.interrupted(); // By the fault that interrupts callers.
        }
        outcomes.add(new Outcome(startNanos, System.nanoTime(), failure));
    }

    /** Returns once nobody is at it any more; fails if somebody is still waiting for an answer. */
    void pause(Duration atMost) {
        paused = true;
        await("all callers of " + database + " are answered").atMost(atMost).until(() -> busy.get() == 0);
    }

    void proceed() {
        paused = false;
    }

    void interrupt() {
        workers.forEach(Thread::interrupt);
    }

    /** Returns those that ended in this time. */
    List<Outcome> outcomes(long fromNanos, long toNanos) {
        return outcomes.stream()
                .filter(outcome -> outcome.endNanos() - fromNanos >= 0 && outcome.endNanos() - toNanos < 0)
                .toList();
    }

    /** Forgets how all attempts went. */
    void forget() {
        outcomes.clear();
    }

    /** Has no write count that was begun before now: the database goes, and they with it. */
    void disregard() {
        disregarded = NUMBERS.get();
        acknowledged.removeIf(number -> number <= disregarded);
    }

    /** Returns the numbers that are acknowledged, and have to be in the database. */
    Set<Long> acknowledged() {
        return acknowledged.stream().filter(number -> number > disregarded).collect(Collectors.toSet());
    }

    /** Returns which database they write to. */
    String database() {
        return database;
    }

    void end() throws InterruptedException {
        over = true;
        for (Thread worker : workers) {
            worker.join(Duration.ofSeconds(5).toMillis());
            worker.interrupt();
        }
    }
}
