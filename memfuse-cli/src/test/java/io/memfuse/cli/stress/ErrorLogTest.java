package io.memfuse.cli.stress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorLogTest {

    private final ErrorLog errors = new ErrorLog();

    @Test
    void keepsOneOfReasonsThatDifferInNumbersOnly() {
        errors.add("refused; next attempt in 65 ms");
        errors.add("refused; next attempt in 7 ms");
        errors.add("timed out");

        assertThat(errors.count()).isEqualTo(3);
        assertThat(errors.reasons()).containsExactlyInAnyOrder("refused; next attempt in 65 ms", "timed out");
    }

    @Test
    void keepsTheFirstFew() {
        for (char letter = 'a'; letter <= 'z'; letter++) {
            errors.add("reason " + letter);
        }

        assertThat(errors.count()).isEqualTo(26);
        assertThat(errors.reasons()).hasSize(5).contains("reason a");
    }

    @Test
    void namesAFailureWithoutAMessage() {
        errors.add(new IllegalStateException());

        assertThat(errors.reasons()).containsExactly("java.lang.IllegalStateException");
    }
}
