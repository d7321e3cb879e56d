package io.memfuse.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VerdictsTest {

    private final Measured before = measured(1_000, 30, 100);
    private final Samples access = samples(9);

    private static Samples samples(long... millis) {
        var samples = new Samples();
        samples.add(LongStream.of(millis).map(TimeUnit.MILLISECONDS::toNanos).toArray());
        return samples;
    }

    private static Measured measured(long acquireMillis, long openingMillis, double kibibytes) {
        var measured = new Measured();
        for (Trouble trouble : Trouble.values()) {
            measured.acquire(trouble).add(new long[] {TimeUnit.MILLISECONDS.toNanos(acquireMillis)});
        }
        measured.find().add(new long[] {TimeUnit.MILLISECONDS.toNanos(5)});
        measured.whole().add(new long[] {TimeUnit.MILLISECONDS.toNanos(7)});
        measured.opening().add(new long[] {TimeUnit.MILLISECONDS.toNanos(openingMillis)});
        measured.memory().add(kibibytes);
        return measured;
    }

    private static ComparisonResult judge(Measured before, Measured after, Samples access, long contended) {
        return new Verdicts(before, after, access, contended).result(1_000, 1);
    }

    @Test
    void showsAClaimThatHolds() {
        ComparisonResult result = judge(before, measured(100, 49, 1_023), access, 0);
        assertThat(result.claims()).extracting(Row::word).containsOnly("shown");
        assertThat(result.claims().get(0).ratio()).isEqualTo(10);
        assertThat(result.trouble()).hasSize(6).extracting(Row::word).containsOnly("");
    }

    @Test
    void saysWhatThisMachineDoesNotShow() {
        Measured after = measured(101, 50, 1_024);
        after.errors().increment();
        ComparisonResult result = judge(before, after, samples(10), 1);
        assertThat(result.claims()).extracting(Row::word).containsOnly("NOT shown here");
        assertThat(result.errorsAfter()).isEqualTo(1);
    }

    @Test
    void takesTheMedianOfTheRounds() {
        Samples samples = samples(1, 2, 30);
        samples.add(new long[] {TimeUnit.MILLISECONDS.toNanos(4)});
        samples.add(new long[] {TimeUnit.MILLISECONDS.toNanos(9)});
        assertThat(samples.quantile(0.5)).isEqualTo(new Samples.Spread(4, 2, 9));
        assertThat(samples.quantile(1)).isEqualTo(new Samples.Spread(9, 4, 30));
        assertThat(samples.all()).containsExactly(1, 2, 4, 9, 30);
    }

    @Test
    void drawsACurveForEachContender() {
        String svg = new LatencyChart("Waiting")
                .curve("before", new double[] {1, 10})
                .curve("MemFuse", new double[] {0.01})
                .svg();
        assertThat(svg)
                .startsWith("<svg")
                .endsWith("</svg>\n")
                .contains(">Waiting<", ">before<", ">MemFuse<", ">0.01<", ">10<");
        assertThat(svg.split("<polyline", -1)).hasSize(3);
        assertThat(new LatencyChart("empty").curve("none", new double[0]).svg())
                .contains("none")
                .doesNotContain("NaN");
    }
}
