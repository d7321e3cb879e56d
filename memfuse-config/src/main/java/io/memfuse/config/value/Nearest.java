package io.memfuse.config.value;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody meant. */
public final class Nearest {

    /** Longer words are not compared: the cost is the product of the lengths. */
    private static final int MAX_LENGTH = 64;

    private static final int MIN_PREFIX = 4;

    private Nearest() {}

    /** Returns the candidate that {@code word} is a slip of, if one is near enough to be meant. */
    public static Optional<String> of(String word, Collection<String> candidates) {
        if (word.isBlank() || word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String plain = plain(word);
        return candidates.stream()
                .filter(candidate -> isNear(plain, plain(candidate)))
                .min(Comparator.comparingInt((String candidate) -> distance(plain, plain(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns {@code did you mean 'x'?}, or else the list of what is known. */
    public static String hint(String word, Collection<String> known) {
        return of(word, known)
                .map(nearest -> "did you mean '" + nearest + "'?")
                .orElseGet(() -> known.isEmpty()
                        ? "none is known"
                        : "known: " + String.join(", ", known.stream().sorted().toList()));
    }

    /** Case and separators are spelling: {@code maxSize} and {@code max-size} are {@code max_size}. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** A third of the letters may be wrong; or there is more than the word: {@code hostname} is {@code host}. */
    private static boolean isNear(String word, String candidate) {
        return distance(word, candidate) <= Math.max(1, candidate.length() / 3)
                || (candidate.length() >= MIN_PREFIX && word.startsWith(candidate));
    }

    /** Returns the changes from one to the other, by optimal string alignment: a swap of neighbours is one change. */
    public static int distance(String from, String to) {
        int[][] changes = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                changes[i][j] = i == 0 || j == 0 ? i + j : cheapest(from, to, i, j, changes);
            }
        }
        return changes[from.length()][to.length()];
    }

    private static int cheapest(String from, String to, int i, int j, int[][] changes) {
        int substitution = changes[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int cheapest = Math.min(substitution, 1 + Math.min(changes[i - 1][j], changes[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(cheapest, changes[i - 2][j - 2] + 1) : cheapest;
    }
}
