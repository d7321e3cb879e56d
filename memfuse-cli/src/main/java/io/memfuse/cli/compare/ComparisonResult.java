package io.memfuse.cli.compare;

import java.util.List;

/**
 * What a comparison has shown.
 *
 * @param claims the claims of the first implementation's successor, each with its verdict
 * @param trouble connection acquisition while something else goes on
 * @param requests how many were made at once in each round
 * @param rounds how many rounds count
 * @param contended look-ups that waited for the registry's lock
 * @param errorsBefore requests that failed, of the first implementation
 * @param errorsAfter requests that failed, of MemFuse
 * @param acquireBefore how long requests waited for their connection
 * @param acquireAfter the same of MemFuse
 */
public record ComparisonResult(
        List<Row> claims,
        List<Row> trouble,
        int requests,
        int rounds,
        long contended,
        long errorsBefore,
        long errorsAfter,
        Samples acquireBefore,
        Samples acquireAfter) {

    /** Tells whether this machine has shown every claim. */
    public boolean allShown() {
        return claims.stream().allMatch(row -> !Boolean.FALSE.equals(row.verdict()));
    }
}
