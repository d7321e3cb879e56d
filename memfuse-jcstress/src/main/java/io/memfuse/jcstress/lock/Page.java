package io.memfuse.jcstress.lock;

/** Two plain fields that a writer changes together: who sees one without the other was in with the writer. */
final class Page {

    private int left;
    private int right;

    void write() {
        left = 1;
        right = 1;
    }

    String read() {
        int seen = left;
        return seen == right ? Words.turn(seen) : "torn";
    }
}
