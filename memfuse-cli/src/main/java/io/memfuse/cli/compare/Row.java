package io.memfuse.cli.compare;

import io.memfuse.cli.compare.Samples.Spread;
import org.jspecify.annotations.Nullable;

/**
 * One line of a comparison.
 *
 * @param claim what is claimed; in the table without one, what is measured
 * @param unit of both
 * @param before the first implementation; null if it has no such thing
 * @param after MemFuse
 * @param verdict whether this machine has shown it; null if nothing is claimed
 */
public record Row(
        String claim,
        String unit,
        @Nullable Spread before,
        Spread after,
        @Nullable Boolean verdict) {

    /** Returns how often the new one goes into the old one; null if there is no old one, or the new one is nothing. */
    @Nullable Double ratio() {
        return before == null || after.median() == 0 ? null : before.median() / after.median();
    }

    /** Returns the verdict as a word. */
    String word() {
        if (verdict == null) {
            return "";
        }
        return verdict ? "shown" : "NOT shown here";
    }
}
