package io.memfuse.bench.stub;

/** What callers use of a stub's pool; of a durable one, the pool of the moment. */
public interface StubPool {

    /** Returns the pool itself, as the fast path finds it. */
    StubPool now();
}
