package io.memfuse.config.yaml;

import org.jspecify.annotations.Nullable;

/** Takes what is wrong with a document. */
@FunctionalInterface
public interface ProblemSink {

    /**
     * Takes one problem.
     *
     * @param place where it is
     * @param message what is wrong, without a secret
     * @param hint what to do about it, if that can be said
     */
    void add(Place place, String message, @Nullable String hint);
}
