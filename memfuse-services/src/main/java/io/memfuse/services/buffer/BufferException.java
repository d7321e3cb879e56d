package io.memfuse.services.buffer;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A buffer could not accept or write in time. The message says which channel of which user, how long it took, the counts and
 * what to do; it starts with the stable code in brackets and contains no data.
 */
public final class BufferException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;

    /** What went wrong. */
    public enum Code {
        /** No space became free: records come faster than they can be written. The record was not accepted. */
        FULL("BufferFull", true),
        /** Records are not written yet. They are kept. */
        NOT_WRITTEN("BufferNotWritten", true),
        /** The channel is closed. The record was not accepted. */
        CLOSED("BufferClosed", false);

        private final String text;
        private final boolean retryable;

        Code(String text, boolean retryable) {
            this.text = text;
            this.retryable = retryable;
        }

        /** Returns the stable name, as it stands in messages. */
        @Override
        public String toString() {
            return text;
        }
    }

    private BufferException(Code code, String channel, String text, @Nullable Throwable cause) {
        super("[MemFuse/" + code + "] " + channel + ": " + text, cause);
        this.code = code;
    }

    static BufferException full(String channel, Duration waited, BufferStats stats, @Nullable Throwable lastFailure) {
        String why = lastFailure == null
                ? "records come faster than the database takes them"
                : "the last write failed, see the cause";
        return new BufferException(
                Code.FULL,
                channel,
                "no space became free within " + Durations.format(waited) + " (" + stats + "); " + why
                        + "; the record was not accepted; try again later",
                lastFailure);
    }

    static BufferException notWritten(
            String channel, Duration waited, BufferStats stats, @Nullable Throwable lastFailure) {
        return new BufferException(
                Code.NOT_WRITTEN,
                channel,
                "not all is written after " + Durations.format(waited) + " (" + stats
                        + "); the records are kept and tried again until the service is closed",
                lastFailure);
    }

    static BufferException lost(String channel, Duration waited, BufferStats stats, @Nullable Throwable lastFailure) {
        return new BufferException(
                Code.NOT_WRITTEN,
                channel,
                "closed, and " + stats.waiting() + " records could not be written within " + Durations.format(waited)
                        + " (" + stats + "); they are given up; see the cause",
                lastFailure);
    }

    static BufferException closed(String channel) {
        return new BufferException(Code.CLOSED, channel, "closed; ask for the service again", null);
    }

    /** Returns what went wrong. */
    public Code code() {
        return code;
    }

    /** Tells whether the same request may succeed later. */
    public boolean retryable() {
        return code.retryable;
    }
}
