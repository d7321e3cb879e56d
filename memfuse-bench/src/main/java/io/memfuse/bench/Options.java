package io.memfuse.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param mode how thoroughly
 * @param only the groups that are wanted; null for all
 * @param page the page that is written
 * @param logs where logs go
 */
record Options(Mode mode, @Nullable Pattern only, Path page, Path logs) {

    static final String USAGE = """
            usage: memfuse-bench/run [--short | --full] [--only REGEX] [--out FILE]

              --short       a few minutes; the default
              --full        half an hour: more JVMs, longer, and more rows
              --only REGEX  only the groups whose id contains a match, such as look-up or lock; the page is
                            then written beside the logs unless --out says where
              --out FILE    the page to write; docs/benchmarks.md unless given
            """;

    /** The command line cannot be understood; the message says why. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /** @param root the directory of the project */
    static Options parse(List<String> arguments, Path root) throws UsageException {
        Mode mode = null;
        Pattern only = null;
        Path page = null;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--short" -> mode = one(mode, Mode.SHORT);
                case "--full" -> mode = one(mode, Mode.FULL);
                case "--only" -> only = pattern(value(argument, rest));
                case "--out" -> page = Path.of(value(argument, rest));
                default -> throw new UsageException("unknown argument '" + argument + "'");
            }
        }
        Path logs = root.resolve("memfuse-bench/target/bench-logs");
        if (page == null) {
            page = only == null ? root.resolve("docs/benchmarks.md") : logs.resolve("benchmarks.md");
        }
        return new Options(mode == null ? Mode.SHORT : mode, only, page, logs);
    }

    private static Mode one(@Nullable Mode before, Mode mode) throws UsageException {
        if (before != null && !before.equals(mode)) {
            throw new UsageException("--short and --full exclude each other");
        }
        return mode;
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static Pattern pattern(String regex) throws UsageException {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new UsageException("--only: " + e.getMessage());
        }
    }

    /** Tells whether a group is wanted. */
    boolean wants(String group) {
        return only == null || only.matcher(group).find();
    }
}
