package io.memfuse.cli.compare;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What is measured of one contender. Not thread-safe but for the errors. */
final class Measured {

    private final Map<Trouble, Samples> acquire = new EnumMap<>(Trouble.class);
    private final Samples find = new Samples();
    private final Samples whole = new Samples();
    private final Samples opening = new Samples();
    private final Samples memory = new Samples();
    private final LongAdder errors = new LongAdder();

    Measured() {
        for (Trouble trouble : Trouble.values()) {
            acquire.put(trouble, new Samples());
        }
    }

    /** Returns how long each request waited until it had its connection. */
    Samples acquire(Trouble trouble) {
        return Objects.requireNonNull(acquire.get(trouble));
    }

    /** Returns how long each look-up of an open pool took. */
    Samples find() {
        return find;
    }

    /** Returns how long all requests of a round took together. */
    Samples whole() {
        return whole;
    }

    /** Returns how long it took to open a pool. */
    Samples opening() {
        return opening;
    }

    /** Returns how many KiB of the heap a pool of one connection takes. */
    Samples memory() {
        return memory;
    }

    /** Returns how many requests failed. */
    LongAdder errors() {
        return errors;
    }
}
