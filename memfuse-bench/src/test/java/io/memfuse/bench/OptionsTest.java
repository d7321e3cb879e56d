package io.memfuse.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static final Path ROOT = Path.of("root");

    private static Options parse(String... arguments) throws Options.UsageException {
        return Options.parse(List.of(arguments), ROOT);
    }

    @Test
    void isAShortRunOfEverythingThatWritesThePageUnlessToldOtherwise() throws Exception {
        Options options = parse();

        assertThat(options.mode()).isSameAs(Mode.SHORT);
        assertThat(options.wants("anything")).isTrue();
        assertThat(options.page()).isEqualTo(ROOT.resolve("docs/benchmarks.md"));
    }

    @Test
    void takesAFullRun() throws Exception {
        assertThat(parse("--full").mode()).isSameAs(Mode.FULL);
    }

    @Test
    void aPartOfTheBenchmarksDoesNotReplaceThePage() throws Exception {
        Options options = parse("--only", "lock|look");

        assertThat(options.wants("lock-flat")).isTrue();
        assertThat(options.wants("borrow")).isFalse();
        assertThat(options.page()).isNotEqualTo(ROOT.resolve("docs/benchmarks.md"));
    }

    @Test
    void writesWhereItIsTold() throws Exception {
        assertThat(parse("--only", "lock", "--out", "page.md").page()).isEqualTo(Path.of("page.md"));
    }

    @Test
    void refusesTwoModes() {
        assertThatThrownBy(() -> parse("--short", "--full"))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage("--short and --full exclude each other");
    }

    @Test
    void saysWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> parse("--fast")).hasMessage("unknown argument '--fast'");
        assertThatThrownBy(() -> parse("--only")).hasMessage("--only needs a value");
        assertThatThrownBy(() -> parse("--only", "(")).hasMessageStartingWith("--only: ");
    }
}
