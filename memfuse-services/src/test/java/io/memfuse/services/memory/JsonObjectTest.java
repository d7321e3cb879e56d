package io.memfuse.services.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

    @Test
    void isEmptyForAnEmptyMap() {
        assertThat(JsonObject.of(Map.of())).isEqualTo("{}");
    }

    @Test
    void quotesWhatJsonQuotesAndNothingElse() {
        var map = new TreeMap<>(Map.of("a", "\"\\/\n\t\u0001\u001f", "b", "ü\u4E16\uD83D\uDE80 {}[],:"));

        assertThat(JsonObject.of(map))
                .isEqualTo("{\"a\":\"\\\"\\\\/\\u000a\\u0009\\u0001\\u001f\",\"b\":\"ü\u4E16\uD83D\uDE80 {}[],:\"}");
    }
}
