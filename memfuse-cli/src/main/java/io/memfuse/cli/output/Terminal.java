package io.memfuse.cli.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The terminal behind standard error, where progress is shown.
 *
 * @param columns its width
 * @param colors whether it shows colors and the user wants them
 */
public record Terminal(int columns, boolean colors) {

    /**
     * Asked of a shell because the JDK does not tell: {@code System.console()} looks at standard input and output, and from
     * JDK 22 on is there without a terminal as well.
     */
    private static final String QUESTION = "test -t 2 && stty size <&2";

    private static final int DEFAULT_COLUMNS = 80;
    private static final int TIMEOUT_SECONDS = 2;

    /** Returns the terminal behind standard error of this process, if there is one that can move its cursor. */
    public static Optional<Terminal> ofStandardError() {
        Map<String, String> environment = System.getenv();
        String type = environment.getOrDefault("TERM", "");
        if (type.isEmpty() || type.equals("dumb")) {
            return Optional.empty();
        }
        boolean colors = environment.getOrDefault("NO_COLOR", "").isEmpty();
        return size().map(size -> new Terminal(columns(size), colors));
    }

    private static Optional<String> size() {
        try {
            Process shell = new ProcessBuilder("sh", "-c", QUESTION)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                shell.getOutputStream().close();
                String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                boolean ended = shell.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                return ended && shell.exitValue() == 0 ? Optional.of(answer) : Optional.empty();
            } finally {
                shell.destroy();
            }
        } catch (IOException noShell) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Reads {@code rows columns}; a terminal that does not know its size says {@code 0 0}. */
    static int columns(String size) {
        String[] words = size.strip().split(" ", -1);
        try {
            int columns = Integer.parseInt(words[words.length - 1]);
            return columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (NumberFormatException unknown) {
            return DEFAULT_COLUMNS;
        }
    }
}
