package io.memfuse.services.storage;

import org.jspecify.annotations.Nullable;

/**
 * The strings that start with a prefix, as a range by code point: from the prefix itself to the first string beyond all
 * of them. Unlike a pattern it has nothing to escape, and the primary key's index answers it in order.
 */
final class PrefixRange {

    private PrefixRange() {}

    /** Returns the lowest string above all that start with {@code prefix}, or null if there is none. */
    static @Nullable String end(String prefix) {
        int[] points = prefix.codePoints().toArray();
        for (int last = points.length - 1; last >= 0; last--) {
            if (points[last] != Character.MAX_CODE_POINT) {
                return new String(points, 0, last) + Character.toString(next(points[last]));
            }
        }
        return null;
    }

    private static int next(int codePoint) {
        // Surrogates are no characters: PostgreSQL has none between U+D7FF and U+E000.
        return codePoint + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : codePoint + 1;
    }
}
