package io.memfuse.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.Load.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A platform that is shut down in the middle of a fault, while callers write: it ends in time, answers them all, and leaves nothing. */
@Timeout(120)
class ShutdownDuringFaultIT {

    @RegisterExtension
    static final TestDatabase FIRST = new TestDatabase();

    @RegisterExtension
    static final TestDatabase SECOND = new TestDatabase();

    private static final Duration DRAIN = Duration.ofSeconds(1);

    /** Beyond the drain: to tell the server to cancel what is aborted, and to end what is being connected. */
    private static final Duration BEYOND = Duration.ofSeconds(8);

    static Stream<Arguments> faults() {
        List<Fault> some = Boolean.getBoolean("memfuse.campaign") ? List.of(Fault.values()) : List.of(Fault.NO_ANSWER);
        return Arrays.stream(Technology.values())
                .flatMap(technology -> some.stream().map(fault -> Arguments.of(technology, fault)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void endsInTimeAndLeavesNothing(Technology technology, Fault fault, @TempDir Path folder) throws Exception {
        var scene = new Scene(StruckServer.get(), FIRST, SECOND, folder, technology);
        Duration took;
        try {
            Fault.sleep(Duration.ofMillis(500));
            fault.strike(scene);
            Fault.sleep(Duration.ofMillis(500));
            long startNanos = System.nanoTime();
            scene.shutdown(DRAIN);
            took = Duration.ofNanos(System.nanoTime() - startNanos);
            System.out.printf("%s %s: shut down in %d ms%n", technology, fault, took.toMillis());
        } finally {
            healAndEnd(scene, fault);
        }
        assertThat(took).as("shutdown").isLessThan(DRAIN.plus(BEYOND));
    }

    private static void healAndEnd(Scene scene, Fault fault) throws InterruptedException, IOException {
        try {
            scene.all().forEach(load -> load.pause(Scene.TIMEOUT.plusSeconds(1)));
        } finally {
            fault.heal(scene);
            scene.proxy().reset();
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(scene.backends()).as("backends").isZero();
            assertThat(FIRST.backends().count() + SECOND.backends().count())
                    .as("backends of the others")
                    .isZero();
            assertThat(Scene.threads().keySet()).allMatch(name -> name.startsWith("reactor"));
        });
        for (Load load : scene.all()) {
            assertThat(scene.written(load)).doesNotHaveDuplicates().containsAll(load.acknowledged());
            assertThat(load.outcomes(System.nanoTime() - Duration.ofSeconds(60).toNanos(), System.nanoTime()))
                    .extracting(Outcome::failure)
                    .filteredOn(failure -> failure != null)
                    .extracting(Causes::of)
                    .allMatch(cause -> cause.matches(Expectation.TYPED + "|PoolClosedException"
                            + "|PoolInterruptedException|InterruptedException"));
        }
        scene.end();
    }
}
