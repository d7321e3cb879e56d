package io.memfuse.bench.candidates;

/** A lock with many readers or one writer, as far as it is measured; not reentrant. Thread-safe. */
public interface ReadWrite {

    /** Acquires it to read; waits as long as it takes. Returns what {@link #unlockRead} wants back. */
    long lockRead();

    /** Releases what {@link #lockRead} of the same thread acquired. */
    void unlockRead(long ticket);

    /** Acquires it to write; waits as long as it takes. Returns what {@link #unlockWrite} wants back. */
    long lockWrite();

    /** Releases what {@link #lockWrite} of the same thread acquired. */
    void unlockWrite(long ticket);
}
