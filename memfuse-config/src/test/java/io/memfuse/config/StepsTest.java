package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.config.platform.Steps;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {

    private final List<String> ran = new ArrayList<>();

    private Runnable step(String name) {
        return () -> ran.add(name);
    }

    @Test
    void runsAllInOrder() {
        Steps.runAll(step("a"), step("b"), step("c"));

        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void runsToTheEndAndThrowsTheFirstFailureWithTheOthers() {
        var first = new IllegalStateException("first");
        var second = new AssertionError("second");

        assertThatThrownBy(() -> Steps.runAll(
                        step("a"),
                        () -> {
                            throw first;
                        },
                        () -> {
                            throw second;
                        },
                        step("b")))
                .isSameAs(first)
                .hasSuppressedException(second);
        assertThat(ran).containsExactly("a", "b");
    }
}
