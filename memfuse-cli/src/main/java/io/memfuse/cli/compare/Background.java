package io.memfuse.cli.compare;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What else goes on while requests are made: a thread that does it again and again until it is stopped. */
final class Background {

    private final @Nullable Runnable action;
    private final Duration pause;
    private final Thread thread = new Thread(this::repeat, "memfuse-compare-trouble");

    /** Beside the interrupt, which a driver may swallow. */
    private volatile boolean stopped;

    private Background(@Nullable Runnable action, Duration pause) {
        this.action = action;
        this.pause = pause;
    }

    /** Begins it. */
    static Background start(Trouble trouble, Contender contender, Duration pause) {
        Runnable action = switch (trouble) {
            case NONE -> null;
            case DEAD_DATABASE -> contender::askDead;
            case CHURN -> () -> reopen(contender);
        };
        var background = new Background(action, pause);
        background.thread.setDaemon(true);
        background.thread.start();
        return background;
    }

    private static void reopen(Contender contender) {
        try {
            contender.closeOther();
            contender.openOther();
        } catch (SQLException | RuntimeException interrupted) {
            // The end of the measurement has interrupted it.
        }
    }

    private void repeat() {
        while (action != null && !stopped) {
            action.run();
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** Ends it, and waits until it has ended. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }
}
