package io.memfuse.jcstress.lock;

import io.memfuse.core.lock.LockHold;
import org.jspecify.annotations.Nullable;

/** The words that outcomes are told in. */
final class Words {

    private Words() {}

    static String entry(@Nullable LockHold hold) {
        return hold != null ? "in" : "refused";
    }

    /** What a section sees of a plain field that the other section sets to one, as the last thing it does. */
    static String turn(int other) {
        return other == 0 ? "first" : "second";
    }
}
