package io.memfuse.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {

    private static Finding judge(Goal goal, Score ours, Score theirs) {
        return goal.judge(ours, theirs);
    }

    @Test
    void isMetByTheRatioItself() {
        Goal goal = Goal.atMost(1.5, "map", "the map");

        assertThat(goal.text()).isEqualTo("<= 1.5 x the map");
        assertThat(judge(goal, new Score(15, 0.1), new Score(10, 0.1)).met()).isTrue();
        assertThat(judge(goal, new Score(16, 0.01), new Score(10, 0.01)).verdict())
                .isEqualTo("missed");
    }

    @Test
    void saysWhenTheErrorLeavesItOpen() {
        Goal goal = Goal.atMost(1.5, "map", "the map");

        assertThat(judge(goal, new Score(14, 2), new Score(10, 0)).verdict()).isEqualTo("met (within noise)");
        assertThat(judge(goal, new Score(16, 2), new Score(10, 0)).verdict()).isEqualTo("missed (within noise)");
        assertThat(judge(goal, new Score(10, 2), new Score(10, 0)).verdict()).isEqualTo("met");
    }

    @Test
    void countsHowManyTimesFaster() {
        Goal goal = Goal.faster(10, "lock", "the lock");
        Finding finding = judge(goal, new Score(5, 0), new Score(60, 0));

        assertThat(goal.text()).isEqualTo(">= 10 x faster than the lock");
        assertThat(finding.ratio()).isEqualTo("12.0 x faster");
        assertThat(finding.met()).isTrue();
        assertThat(judge(goal, new Score(10, 0), new Score(60, 0)).met()).isFalse();
    }

    @Test
    void countsHowMuchMore() {
        Goal goal = Goal.moreAtMost(0, "bare", "the bare pool");

        assertThat(judge(goal, new Score(24, 0), new Score(24, 0)).verdict()).isEqualTo("met");
        assertThat(judge(goal, new Score(40, 0), new Score(24, 0)).ratio()).isEqualTo("16.0 more");
        assertThat(judge(goal, new Score(40, 0), new Score(24, 0)).verdict()).isEqualTo("missed");
        assertThat(judge(goal, new Score(24.001, 0.01), new Score(24, 0)).verdict())
                .isEqualTo("missed (within noise)");
    }

    @Test
    void comparesTheScoreItself() {
        Goal goal = Goal.valueAtMost(1024);
        var ours = new Score(700, 1);

        assertThat(goal.text()).isEqualTo("<= 1024");
        assertThat(judge(goal, ours, ours).ratio()).isEqualTo("700 ± 1");
        assertThat(judge(goal, ours, ours).met()).isTrue();
    }
}
