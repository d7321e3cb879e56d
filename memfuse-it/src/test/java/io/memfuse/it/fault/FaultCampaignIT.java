package io.memfuse.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.Load.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One database of three is struck by each fault in turn, while callers write to all of them without a pause. The other two
 * notice nothing; the struck one answers each caller in time and with the reason, and serves again by itself; nothing is left behind,
 * nothing that was acknowledged is lost, and no log shows a password. A share of the faults in a build, all of them in a campaign;
 * the table of a campaign is {@code docs/reliability.md}, written with {@code -Dmemfuse.docs.write=true}.
 */
@Timeout(120)
class FaultCampaignIT {

    @RegisterExtension
    static final TestDatabase FIRST = new TestDatabase();

    @RegisterExtension
    static final TestDatabase SECOND = new TestDatabase();

    private static final boolean CAMPAIGN = Boolean.getBoolean("memfuse.campaign");
    private static final String ONLY = System.getProperty("memfuse.campaign.faults", ".*");

    private static final Duration WARM_UP = Duration.ofSeconds(CAMPAIGN ? 5 : 2);
    private static final Duration QUIET = Duration.ofSeconds(CAMPAIGN ? 2 : 1);
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    /** On a machine of few cores somebody else may take one for so long. */
    private static final Duration NOISE = Duration.ofMillis(50);

    private static final Queue<Course> COURSES = new ConcurrentLinkedQueue<>();

    @AfterAll
    static void writePage() throws IOException {
        if (CAMPAIGN && Boolean.getBoolean("memfuse.docs.write")) {
            ReliabilityPage.write(COURSES, ONLY.equals(".*"));
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class OneTechnology {

        private final Technology technology;
        private final LogCapture log = new LogCapture(Scene.PASSWORD, Scene.OTHER_PASSWORD);
        private Scene scene;
        private Map<String, Long> threadsAtFirst = Map.of();

        OneTechnology(Technology technology) {
            this.technology = technology;
        }

        static Stream<Fault> faults() {
            return Arrays.stream(Fault.values())
                    .filter(fault -> CAMPAIGN || fault.expected().isShared())
                    .filter(fault -> fault.name().matches(ONLY));
        }

        @BeforeAll
        void start(@TempDir Path folder) throws IOException {
            scene = new Scene(StruckServer.get(), FIRST, SECOND, folder, technology);
            Fault.sleep(WARM_UP);
            threadsAtFirst = Scene.threads();
        }

        @AfterAll
        void stop() throws InterruptedException {
            scene.all().forEach(load -> load.pause(Scene.TIMEOUT));
            Aftermath.noMoreThreadsThan(threadsAtFirst);
            scene.end();
            log.close();
            Aftermath.noThreads();
            assertThat(FIRST.backends().count()).isZero();
        }

        @ParameterizedTest
        @MethodSource("faults")
        void staysWhereItIs(Fault fault) {
            pauseAll(fault);
            scene.all().forEach(Load::forget);
            scene.all().forEach(Load::proceed);

            Course course = strike(fault);

            COURSES.add(course);
            report(course);
            othersNoticeNothing(course);
            callersAreAnswered(course);
            assertThat(course.recovery()).as("recovery").isLessThan(RECOVERY);
            Aftermath.nothingIsLeft(scene);
            Aftermath.nothingIsLost(scene);
            assertThat(log.leaks()).as("passwords logged").isEmpty();
            assertThat(log.lines()).as("logged at all").isPositive();
        }

        private void pauseAll(Fault fault) {
            scene.all().forEach(load -> load.pause(fault.expected().answer().plusSeconds(20)));
        }

        private Course strike(Fault fault) {
            Fault.sleep(Duration.ofMillis(300));
            long quietNanos = System.nanoTime();
            Fault.sleep(QUIET);
            long struckNanos = System.nanoTime();
            Duration quiet = Course.p99(outcomes(scene.others(), quietNanos, struckNanos));
            assertThat(Causes.count(outcomes(scene.all(), quietNanos, struckNanos)))
                    .as("errors before the fault")
                    .isEmpty();
            long healedNanos;
            try {
                fault.strike(scene);
                Fault.sleep(fault.expected().lasts());
            } finally {
                fault.heal(scene);
                healedNanos = System.nanoTime();
            }
            awaitRecovery();
            pauseAll(fault); // A caller who still waits may be told of the fault, however long after it.
            long endNanos = System.nanoTime();
            return new Course(
                    fault,
                    technology,
                    outcomes(scene.struck(), struckNanos, endNanos),
                    outcomes(scene.others(), struckNanos, endNanos),
                    quiet,
                    healedNanos);
        }

        /** Waits for a second in which callers of the struck database are served, and none is told of an error. */
        private void awaitRecovery() {
            long untilNanos = System.nanoTime() + RECOVERY.multipliedBy(4).toNanos();
            List<Outcome> second;
            do {
                long fromNanos = System.nanoTime();
                Fault.sleep(Duration.ofSeconds(1));
                second = outcomes(scene.struck(), fromNanos, System.nanoTime());
            } while (System.nanoTime() - untilNanos < 0
                    && (second.isEmpty() || !Causes.count(second).isEmpty()));
        }

        private static List<Outcome> outcomes(List<Load> loads, long fromNanos, long toNanos) {
            var all = new ArrayList<Outcome>();
            loads.forEach(load -> all.addAll(load.outcomes(fromNanos, toNanos)));
            return all;
        }

        private static void report(Course course) {
            System.out.printf(
                    "%s %-15s told %s; slowest %d ms, last errors after %d ms, recovered in %d ms; others p99 %.1f ms, quiet %.1f ms%n",
                    course.technology(),
                    course.fault(),
                    course.causes(),
                    course.slowest().toMillis(),
                    course.medianOfLastErrors().toMillis(),
                    course.recovery().toMillis(),
                    Course.p99(course.others()).toNanos() / 1e6,
                    course.quiet().toNanos() / 1e6);
        }

        private static void othersNoticeNothing(Course course) {
            assertThat(Causes.count(course.others())).as("errors of the others").isEmpty();
            Duration quiet = course.quiet();
            Duration half = quiet.dividedBy(2);
            assertThat(Course.p99(course.others()))
                    .as("p99 of the others, beside %s", quiet)
                    .isLessThan(quiet.plus(half.compareTo(NOISE) > 0 ? half : NOISE));
        }

        private static void callersAreAnswered(Course course) {
            Expectation expected = course.fault().expected();
            assertThat(course.slowest()).as("slowest answer").isLessThan(expected.answer());
            if (expected.isServed()) {
                assertThat(course.causes()).as("errors").isEmpty();
                return;
            }
            assertThat(course.causes().keySet())
                    .as("causes")
                    .allMatch(cause -> cause.matches(Expectation.TYPED + "|" + expected.told()))
                    .anyMatch(cause -> cause.matches(expected.told()));
            Aftermath.noPasswordWasTold(course.failures());
        }
    }

    @Nested
    class OfJdbc extends OneTechnology {
        OfJdbc() {
            super(Technology.JDBC);
        }
    }

    @Nested
    class OfR2dbc extends OneTechnology {
        OfR2dbc() {
            super(Technology.R2DBC);
        }
    }
}
