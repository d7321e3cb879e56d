package io.memfuse.bench.filling;

import java.util.concurrent.ThreadFactory;

/** Makes HikariCP's threads, and knows them again. Thread-safe. */
final class Adders implements ThreadFactory {

    private static final class Adder extends Thread {

        Adder(Runnable task) {
            super(task, "adder");
            setDaemon(true);
        }
    }

    @Override
    public Thread newThread(Runnable task) {
        return new Adder(task);
    }

    /** Ends HikariCP's pause after the connection that is being added on this thread. */
    static void skipPause() {
        if (Thread.currentThread() instanceof Adder adder) {
            adder.interrupt();
        }
    }
}
