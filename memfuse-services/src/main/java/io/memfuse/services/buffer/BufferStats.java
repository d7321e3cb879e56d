package io.memfuse.services.buffer;

/**
 * The numbers of a channel. Immutable.
 *
 * @param waiting records accepted and not yet written
 * @param usedSpace units of space that these take; a record takes one unless its sink weighs it
 * @param capacity units of space that there are
 * @param written records written
 * @param refused records given up because they can never be written
 * @param failedWrites writes that failed and left their records waiting
 */
public record BufferStats(int waiting, int usedSpace, int capacity, long written, long refused, long failedWrites) {

    /** Returns {@code waiting 12, space used 14 of 10000, written 340, refused 0, failed writes 2}. */
    @Override
    public String toString() {
        return "waiting " + waiting + ", space used " + usedSpace + " of " + capacity + ", written " + written
                + ", refused " + refused + ", failed writes " + failedWrites;
    }
}
