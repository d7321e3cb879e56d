package io.memfuse.services.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrefixRangeTest {

    @Test
    void endsWithTheNextCharacterInPlaceOfTheLast() {
        assertThat(PrefixRange.end("a/")).isEqualTo("a0");
    }

    @Test
    void leapsOverTheSurrogates() {
        assertThat(PrefixRange.end("a\uD7FF")).isEqualTo("a\uE000");
    }

    @Test
    void countsByCodePoint() {
        assertThat(PrefixRange.end("\uD83D\uDE80")).isEqualTo("\uD83D\uDE81");
        assertThat(PrefixRange.end("\uFFFF")).isEqualTo("\uD800\uDC00");
    }

    @Test
    void carriesWhenTheLastCharacterIsTheHighest() {
        assertThat(PrefixRange.end("ab\uDBFF\uDFFF\uDBFF\uDFFF")).isEqualTo("ac");
    }

    @Test
    void isOpenWhenNothingIsHigher() {
        assertThat(PrefixRange.end("")).isNull();
        assertThat(PrefixRange.end("\uDBFF\uDFFF")).isNull();
    }
}
