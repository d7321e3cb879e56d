package io.memfuse.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: interrupts the program, lets it end in order, and then ends the JVM with the status that the program
 * has chosen, instead of that of the signal. Thread-safe.
 */
final class Termination {

    /** Longer than everything the program does after an interrupt, each of which has a deadline of its own. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile Runnable announcement = () -> {};
    private volatile int status = ExitStatus.FAILURE;

    Termination() {}

    /** Returns one that is bound to the signals of this JVM and interrupts {@code program}. */
    static Termination install(Thread program) {
        var termination = new Termination();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> termination.onShutdown(program), "memfuse-termination"));
        return termination;
    }

    private void onShutdown(Thread program) {
        if (finished.getCount() == 0) {
            return;
        }
        announcement.run();
        // In this order: what waits is woken by the interrupt and by nothing before it. The other way round the
        // interrupt could come late, and meet the program when it drains.
        program.interrupt();
        requested.countDown();
        try {
            if (finished.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                // A shutdown hook cannot change the status in another way.
                Runtime.getRuntime().halt(status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has {@code action}, which must not block, run when the program is told to end and before that takes effect. */
    void announceBy(Runnable action) {
        announcement = action;
    }

    /** Waits until the program is to end; for the thread of the program. */
    void await() {
        try {
            requested.await();
        } catch (InterruptedException e) {
            // That is the request. The flag stays clear: what ends in order waits for what it closes.
        }
    }

    /** Asks the program to end, as a signal does. */
    void request() {
        requested.countDown();
    }

    /** Tells that the program has ended. */
    void finished(int newStatus) {
        status = newStatus;
        System.out.flush();
        System.err.flush();
        finished.countDown();
    }
}
