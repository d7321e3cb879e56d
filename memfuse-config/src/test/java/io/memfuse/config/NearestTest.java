package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.value.Nearest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> KEYS = List.of("host", "port", "user", "max_size", "min_size", "database");

    @ParameterizedTest
    @CsvSource({
        "prot, port",
        "hosts, host",
        "hostname, host",
        "maxSize, max_size",
        "MAX-SIZE, max_size",
        "mim_size, min_size",
        "databse, database"
    })
    void findsTheWordThatWasMeant(String word, String meant) {
        assertThat(Nearest.of(word, KEYS)).contains(meant);
    }

    @Test
    void suggestsNothingThatIsFarAway() {
        assertThat(Nearest.of("colour", KEYS)).isEmpty();
        assertThat(Nearest.of("", KEYS)).isEmpty();
        assertThat(Nearest.of("p".repeat(100_000), KEYS)).isEmpty();
    }

    @Test
    void listsWhatIsKnownInstead() {
        assertThat(Nearest.hint("colour", List.of("b", "a"))).isEqualTo("known: a, b");
        assertThat(Nearest.hint("colour", List.of())).isEqualTo("none is known");
    }

    @Test
    void countsASwapOfNeighboursAsOneChange() {
        assertThat(Nearest.distance("port", "prot")).isEqualTo(1);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    }
}
