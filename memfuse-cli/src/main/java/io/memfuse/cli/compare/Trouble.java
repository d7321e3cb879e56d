package io.memfuse.cli.compare;

/** What else goes on while requests are made. */
enum Trouble {
    NONE("nothing else goes on"),
    DEAD_DATABASE("another database does not answer"),
    CHURN("another pool is closed and opened, every 10 ms");

    private final String text;

    Trouble(String text) {
        this.text = text;
    }

    /** Returns what goes on, in words. */
    String text() {
        return text;
    }
}
