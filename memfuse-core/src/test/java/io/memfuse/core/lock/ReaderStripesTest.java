package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderStripesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 64})
    void countsWhoComesAndGoes(int count) {
        var stripes = new ReaderStripes(count);
        int one = stripes.tryEnter();
        int two = stripes.tryEnter();
        assertThat(List.of(one, two)).allMatch(stripe -> stripe >= 0 && stripe < count);
        assertThat(stripes.readers()).isEqualTo(2);
        assertThat(stripes.leave(one)).as("an open stripe is nobody's last").isFalse();
        assertThat(stripes.leave(two)).isFalse();
        assertThat(stripes.readers()).isZero();
        assertThat(stripes.everEntered()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void letsNobodyInWhileClosed(int count) {
        var stripes = new ReaderStripes(count);
        stripes.close();
        assertThat(stripes.tryEnter()).isEqualTo(ReaderStripes.NONE);
        assertThat(stripes.isEmpty()).isTrue();
        assertThat(stripes.everEntered()).isZero();
        stripes.open();
        assertThat(stripes.tryEnter()).isNotEqualTo(ReaderStripes.NONE);
    }

    @Test
    void tellsTheLastReaderOfAClosedStripeAndNoOther() {
        var stripes = new ReaderStripes(1);
        int one = stripes.tryEnter();
        int two = stripes.tryEnter();
        stripes.close();
        assertThat(stripes.isEmpty()).isFalse();
        assertThat(stripes.leave(one)).isFalse();
        assertThat(stripes.leave(two)).isTrue();
        assertThat(stripes.isEmpty()).isTrue();
    }

    @Test
    void spreadsThoseItAdmitsOverAllStripes() {
        var stripes = new ReaderStripes(4);
        stripes.close();
        List<Integer> admitted = new ArrayList<>();
        for (int turn = 0; turn < 8; turn++) {
            admitted.add(stripes.admit(turn));
        }
        assertThat(admitted).containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
        assertThat(stripes.readers()).isEqualTo(8);
        admitted.subList(0, 4)
                .forEach(stripe -> assertThat(stripes.leave(stripe)).isFalse());
        admitted.subList(4, 8)
                .forEach(stripe -> assertThat(stripes.leave(stripe)).isTrue());
    }

    @Test
    void threadsWhoseIdsAreNeighboursAreAtHomeInDifferentStripes() {
        var stripes = new ReaderStripes(4);
        for (long id = 1; id < 10_000; id++) {
            assertThat(stripes.home(id)).isBetween(0, 3).isNotEqualTo(stripes.home(id + 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64})
    void tellsHowManyAreInAtThisMoment(int count) {
        var stripes = new ReaderStripes(count);
        assertThat(stripes.readersNow()).isZero();
        stripes.close();
        int admitted = stripes.admit(count - 1);
        stripes.admit(0);
        stripes.admit(0);
        assertThat(stripes.readersNow()).isEqualTo(3);
        stripes.leave(admitted);
        assertThat(stripes.readersNow()).isEqualTo(2);
        assertThat(stripes.everEntered()).isEqualTo(3);
    }

    /** Who is admitted in turn is let into one stripe after the other. */
    @Test
    void areTwoForEachProcessorAndNotTooMany() {
        int expected = Math.min(64, 2 * Runtime.getRuntime().availableProcessors());
        ReaderStripes stripes = ReaderStripes.forThisMachine();
        stripes.close();
        assertThat(stripes.admit(expected - 1)).isEqualTo(expected - 1);
        assertThat(stripes.admit(expected)).isZero();
    }
}
