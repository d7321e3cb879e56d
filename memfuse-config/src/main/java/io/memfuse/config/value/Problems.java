package io.memfuse.config.value;

import io.memfuse.config.ConfigException;
import io.memfuse.config.Problem;
import io.memfuse.config.yaml.Place;
import io.memfuse.config.yaml.ProblemSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one file; bounded, whatever the file. Not thread-safe. */
public final class Problems implements ProblemSink {

    /** Problems that are kept: nobody reads more, and a file of garbage must not fill the memory. */
    public static final int MAX_KEPT = 100;

    /** Of problems that say the same, so many are kept: who has read them knows the pattern. */
    public static final int MAX_ALIKE = 20;

    private static final int MAX_PATH_LENGTH = 160;

    private final String file;
    private final Map<String, Integer> alike = new HashMap<>();
    private final List<Problem> kept = new ArrayList<>();
    private int count;
    private int met;

    public Problems(String file) {
        this.file = file;
    }

    @Override
    public void add(Place place, String message, @Nullable String hint) {
        String source = place.source() == null ? file : place.source();
        add(new Problem(
                source, place.line(), place.column(), shortened(place.path().toString()), message, hint));
    }

    public void add(Problem problem) {
        count++;
        met++;
        if (kept.size() < MAX_KEPT && alike.merge(problem.message(), 1, Integer::sum) <= MAX_ALIKE) {
            kept.add(problem);
        }
    }

    /** Returns the path without its middle if it is too long for a line: both ends help to find the place. */
    private static String shortened(String path) {
        int half = MAX_PATH_LENGTH / 2;
        return path.length() <= MAX_PATH_LENGTH
                ? path
                : path.substring(0, half) + "..." + path.substring(path.length() - half);
    }

    /** Counts a problem that was reported before and is met again. */
    public void meetAgain() {
        met++;
    }

    /** Returns how often a problem was met so far: while that does not change, all that was read is right. */
    public int met() {
        return met;
    }

    /** Returns the problems in the order of the file, with a last line for those that were not kept. */
    public List<Problem> inOrder() {
        List<Problem> ordered = new ArrayList<>(kept);
        ordered.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        if (count > kept.size()) {
            ordered.add(new Problem(file, 0, 0, "", "and " + (count - kept.size()) + " more problems", null));
        }
        return ordered;
    }

    /**
     * Throws what there is.
     *
     * @throws ConfigException if there is a problem
     */
    public void throwIfAny() {
        if (count > 0) {
            throw new ConfigException(inOrder());
        }
    }
}
