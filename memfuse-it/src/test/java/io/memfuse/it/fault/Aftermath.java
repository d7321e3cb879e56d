package io.memfuse.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.it.fault.Load.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What has to be true once a fault is over and nobody is at it: nothing is left behind, nothing is lost, nothing was told. */
final class Aftermath {

    private static final String PROBED = "memfuse-callback-#";

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private Aftermath() {}

    /** No loan, no waiter, and no connection that the pools do not know of or should not have. */
    static void nothingIsLeft(Scene scene) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> {
                    for (PoolSnapshot pool : scene.pools()) {
                        assertThat(pool.stats().active())
                                .as("lent of %s", pool.key())
                                .isZero();
                        assertThat(pool.stats().waiting())
                                .as("waiting for %s", pool.key())
                                .isZero();
                        assertThat(pool.leases()).as("leases of %s", pool.key()).isZero();
                    }
                    assertThat(scene.waitingForTheLock())
                            .as("waiting for the lock")
                            .isZero();
                    int backends = scene.backends();
                    assertThat(backends).as("backends").isEqualTo(scene.connections());
                    assertThat(backends).as("backends").isBetween(scene.fewest(), scene.most());
                });
    }

    /**
     * Threads that are idle end after five seconds; but where no request comes, one tells the health monitor every now and then what
     * became of a probe.
     */
    static void noMoreThreadsThan(Map<String, Long> before) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> Scene.threads()
                        .forEach((name, count) -> assertThat(count)
                                .as("threads %s", name)
                                .isLessThanOrEqualTo(before.getOrDefault(name, 0L) + (name.equals(PROBED) ? 1 : 0))));
    }

    /** Nothing of a platform that is closed. */
    static void noThreads() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Scene.threads().keySet())
                        .allMatch(name -> name.startsWith("reactor"))); // Reactor's own, for the whole JVM.
    }

    /** Every write that was acknowledged is there, and no write twice. */
    static void nothingIsLost(Scene scene) {
        for (Load load : scene.all()) {
            List<Long> written = scene.written(load);
            var unique = new HashSet<>(written);
            assertThat(written).as("written once").hasSameSizeAs(unique);
            var lost = new HashSet<>(load.acknowledged());
            assertThat(lost).as("acknowledged").isNotEmpty();
            lost.removeAll(unique);
            assertThat(lost).as("acknowledged and lost").isEmpty();
        }
    }

    /** No caller was told a password. */
    static void noPasswordWasTold(Collection<Outcome> outcomes) {
        assertThat(outcomes.stream()
                        .map(Outcome::failure)
                        .filter(Objects::nonNull)
                        .map(Causes::everything)
                        .filter(text -> text.contains(Scene.PASSWORD) || text.contains(Scene.OTHER_PASSWORD)))
                .as("passwords told")
                .isEmpty();
    }
}
