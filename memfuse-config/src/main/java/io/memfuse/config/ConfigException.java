package io.memfuse.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is wrong: lists everything that is, so that one correction is enough. Contains no secret. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** @param problems what is wrong; at least one problem */
    public ConfigException(List<Problem> problems) {
        super(describe(problems));
        this.problems = List.copyOf(problems);
    }

    private static String describe(List<Problem> problems) {
        String count = problems.size() == 1 ? "a problem" : problems.size() + " problems";
        return problems.stream()
                .map(problem -> "  " + problem)
                .collect(
                        Collectors.joining("\n", "[MemFuse/ConfigInvalid] the configuration has " + count + ":\n", ""));
    }

    /** Returns what is wrong, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
