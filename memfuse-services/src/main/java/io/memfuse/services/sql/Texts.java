package io.memfuse.services.sql;

import java.util.Objects;

/**
 * Says early, in words, what PostgreSQL's {@code text} would refuse or a driver would silently replace: NUL characters and
 * halves of surrogate pairs. The messages never quote the text.
 */
public final class Texts {

    private Texts() {}

    /**
     * Returns {@code text} if PostgreSQL can store it as it is.
     *
     * @param what what the text is, for the message
     * @throws IllegalArgumentException if it contains NUL or half a surrogate pair, or is longer than {@code maxChars}
     */
    public static String requireStorable(String what, String text, int maxChars) {
        Objects.requireNonNull(text, what);
        if (text.length() > maxChars) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters; at most " + maxChars + " are taken");
        }
        int at = firstUnstorable(text);
        if (at >= 0) {
            throw new IllegalArgumentException(what + " contains " + describe(text.charAt(at)) + " at index " + at
                    + ", which PostgreSQL cannot store");
        }
        return text;
    }

    /**
     * Returns {@code name} if it can serve as a name: storable, not blank, without control characters.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String requireName(String what, String name, int maxChars) {
        requireStorable(what, name, maxChars);
        if (name.isBlank()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " contains a control character");
        }
        return name;
    }

    /** Returns the index of the first character that PostgreSQL cannot store, or -1. */
    static int firstUnstorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return i;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    private static String describe(char c) {
        return c == 0 ? "a NUL character" : "half a surrogate pair";
    }
}
