package io.memfuse.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.kind.DurationText;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.Load.Outcome;
import io.memfuse.it.fault.Script.Strike;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults that a seed draws, of the network and of the server at once, strike one database of three again and again, each used
 * through JDBC and R2DBC by callers who write without a pause: for 20 s, or as long as {@code -Dcampaign=10m} says. After each
 * round all promises are looked at. The seed of each round is printed; {@code -Dcampaign.seed=...} begins with it.
 */
class RandomCampaignIT {

    @RegisterExtension
    static final TestDatabase FIRST = new TestDatabase();

    @RegisterExtension
    static final TestDatabase SECOND = new TestDatabase();

    private static final Duration LENGTH =
            DurationText.parse(System.getProperty("campaign", "20s")).orElseThrow();
    private static final long SEED =
            Long.getLong("campaign.seed", ThreadLocalRandom.current().nextLong());

    /** For the pools to settle and for all to be looked at, once the faults of a round are over. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(4);

    /** Two silent servers are not worse than one: the longest that anybody waits for an answer. */
    private static final Duration ANSWER = Expectation.expect().silent().answer();

    private static final String TOLD = Expectation.TYPED + "|PoolInterruptedException|InterruptedException";

    private final LogCapture log = new LogCapture(Scene.PASSWORD, Scene.OTHER_PASSWORD);

    /** No time limit of the test's own: each wait in it has one. */
    @Test
    void keepsItsPromisesWhateverStrikesWhenever(@TempDir Path folder) throws Exception {
        long endNanos = System.nanoTime() + LENGTH.toNanos();
        var scene = new Scene(StruckServer.get(), FIRST, SECOND, folder, Technology.values());
        try {
            Fault.sleep(Duration.ofSeconds(1));
            Map<String, Long> threads = Scene.threads();
            var seeds = new SplittableRandom(SEED);
            Script script = Script.draw(SEED);
            do {
                play(script, scene);
                script = Script.draw(seeds.nextLong());
            } while (endNanos - System.nanoTime()
                    > script.length().plus(AFTERWARDS).toNanos());
            Aftermath.noMoreThreadsThan(threads);
        } finally {
            scene.end();
            log.close();
        }
        Aftermath.noThreads();
        assertThat(FIRST.backends().count() + SECOND.backends().count()).isZero();
    }

    private void play(Script script, Scene scene) throws Exception {
        System.out.println(script);
        scene.all().forEach(Load::forget);
        scene.all().forEach(Load::proceed);
        Fault.sleep(Duration.ofMillis(300));
        long beginNanos = System.nanoTime();
        CompletableFuture<Void> network = CompletableFuture.runAsync(() -> play(script.network(), scene, beginNanos));
        play(script.server(), scene, beginNanos);
        network.get(script.length().plus(ANSWER).toMillis(), TimeUnit.MILLISECONDS);
        long healedNanos = System.nanoTime();

        for (Load load : scene.struck()) {
            awaitService(load, script);
        }
        scene.all().forEach(load -> load.pause(ANSWER));
        List<Outcome> struck = outcomes(scene.struck(), beginNanos);
        List<Outcome> others = outcomes(scene.others(), beginNanos);
        System.out.printf(
                "  %d answers, slowest after %d ms, told %s; recovered in %d ms; %d answers of the others%n",
                struck.size(),
                slowest(struck).toMillis(),
                Causes.count(struck),
                recovery(struck, healedNanos).toMillis(),
                others.size());

        assertThat(Causes.count(others)).as("errors of the others").isEmpty();
        assertThat(others).isNotEmpty();
        assertThat(Causes.count(struck).keySet()).as("causes").allMatch(cause -> cause.matches(TOLD));
        if (!script.faults().contains(Fault.INTERRUPTED)) {
            assertThat(Causes.count(struck).keySet()).as("causes").noneMatch(cause -> cause.contains("Interrupted"));
        }
        assertThat(slowest(struck)).as("slowest answer").isLessThan(ANSWER);
        assertThat(recovery(struck, healedNanos)).as("recovery").isLessThan(longestRecovery(script));
        Aftermath.nothingIsLeft(scene);
        scene.borrowAll();
        Aftermath.nothingIsLost(scene);
        scene.forgetWritten(); // It would be much in the end.
        Aftermath.noPasswordWasTold(struck);
        assertThat(log.leaks()).as("passwords logged").isEmpty();
        assertThat(log.lines()).as("logged at all").isPositive();
    }

    private static void play(List<Strike> strikes, Scene scene, long beginNanos) {
        for (Strike strike : strikes) {
            Fault.sleep(strike.at().minusNanos(System.nanoTime() - beginNanos));
            try {
                strike.fault().strike(scene);
                Fault.sleep(strike.end().minusNanos(System.nanoTime() - beginNanos));
            } finally {
                strike.fault().heal(scene);
            }
        }
    }

    /** A pool that is tried every five seconds at least, or waits no longer than it has failed so far, and a fifth. */
    private static Duration longestRecovery(Script script) {
        return Duration.ofSeconds(6).plus(script.length().multipliedBy(6).dividedBy(5));
    }

    /** Waits for a second in which callers are served, and none is told of an error. */
    private static void awaitService(Load load, Script script) {
        long untilNanos = System.nanoTime() + longestRecovery(script).toNanos();
        List<Outcome> second;
        do {
            long fromNanos = System.nanoTime();
            Fault.sleep(Duration.ofSeconds(1));
            second = load.outcomes(fromNanos, System.nanoTime());
        } while (System.nanoTime() - untilNanos < 0
                && (second.isEmpty() || !Causes.count(second).isEmpty()));
    }

    private static List<Outcome> outcomes(List<Load> loads, long fromNanos) {
        var all = new ArrayList<Outcome>();
        loads.forEach(load -> all.addAll(load.outcomes(fromNanos, System.nanoTime())));
        return all;
    }

    private static Duration slowest(List<Outcome> outcomes) {
        return outcomes.stream().map(Outcome::took).max(Duration::compareTo).orElseThrow();
    }

    /** Returns how long after the end of the faults the last caller was told of an error. */
    private static Duration recovery(List<Outcome> outcomes, long healedNanos) {
        return Duration.ofNanos(outcomes.stream()
                .filter(outcome -> outcome.failure() != null)
                .mapToLong(outcome -> outcome.endNanos() - healedNanos)
                .filter(nanos -> nanos > 0)
                .max()
                .orElse(0));
    }
}
