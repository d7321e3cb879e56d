package io.memfuse.config.yaml;

/** Makes text of a user's file fit for a message of one line: short, and without characters that a terminal obeys. */
public final class Shown {

    private static final int MAX_LENGTH = 60;

    private Shown() {}

    /** Returns the text in single quotes. */
    public static String quoted(String text) {
        return "'" + plain(text, MAX_LENGTH) + "'";
    }

    /** Returns the text as a whole, for a table in which it stands alone. */
    public static String line(String text) {
        return text.codePoints()
                .map(c -> isVisible(c) ? c : '\uFFFD')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Returns the text, cut after {@code maxLength} characters and at the end of what it surely is. */
    static String plain(String text, int maxLength) {
        int[] shown = text.codePoints()
                .limit(maxLength)
                .takeWhile(c -> !endsAt(c))
                .map(c -> isVisible(c) ? c : '\uFFFD')
                .toArray();
        String start = new String(shown, 0, shown.length);
        return shown.length == text.codePointCount(0, text.length()) ? start : start + "...";
    }

    /** Where a quote is left open, what follows in the same text are other keys with their values: perhaps a password. */
    private static boolean endsAt(int codePoint) {
        return codePoint == ':' || codePoint == '\n' || codePoint == '\r';
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
