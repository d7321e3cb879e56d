package io.memfuse.it.fault;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Reads everything that is logged, down to {@code DEBUG} for MemFuse itself, and keeps what has a secret in it. Thread-safe. */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.memfuse");
    private final Level level = ours.getLevel();
    private final List<String> secrets;
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
    private final AtomicLong lines = new AtomicLong();

    /** Begins to read. */
    public LogCapture(String... secrets) {
        this.secrets = List.of(secrets);
        start();
        root.addAppender(this);
        ours.addAppender(this);
        ours.setLevel(Level.DEBUG);
        ours.setAdditive(false); // A campaign is loud.
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.incrementAndGet();
        String text = event.getFormattedMessage()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
        if (secrets.stream().anyMatch(text::contains)) {
            leaks.add(text);
        }
    }

    /** Returns how much was logged. */
    public long lines() {
        return lines.get();
    }

    /** Returns what must not have been logged. */
    public Queue<String> leaks() {
        return leaks;
    }

    @Override
    public void close() {
        root.detachAppender(this);
        ours.detachAppender(this);
        ours.setLevel(level);
        ours.setAdditive(true);
    }
}
