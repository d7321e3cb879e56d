package io.memfuse.services.buffer;

/** A {@link BufferSink} says: among these records is one that can never be written. Anything else is tried again. */
public final class RefusedRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param cause why it cannot be written */
    public RefusedRecordException(Throwable cause) {
        super("a record can never be written", cause);
    }
}
