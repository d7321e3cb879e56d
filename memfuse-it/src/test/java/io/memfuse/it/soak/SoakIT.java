package io.memfuse.it.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.MemFuse;
import io.memfuse.it.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory, threads, files and the server's connections stay what they are under load, while pools are evicted, the configuration is
 * loaded anew, users come, and connections are lost; and every transaction is there, once. Some seconds in a build, half an hour in
 * a campaign, or as long as {@code -Dmemfuse.soak=PT2H} says; {@code -Dmemfuse.soak.seed} draws the same again, but when it strikes is up to the machine.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class SoakIT {

    @RegisterExtension
    static final TestDatabase ORDERS = new TestDatabase();

    @RegisterExtension
    static final TestDatabase STOCK = new TestDatabase();

    @RegisterExtension
    static final TestDatabase EVENTS = new TestDatabase();

    @RegisterExtension
    static final TestDatabase VISITOR = new TestDatabase();

    private static final List<TestDatabase> DATABASES = List.of(ORDERS, STOCK, EVENTS, VISITOR);

    private static final Duration DURATION = Duration.parse(
            System.getProperty("memfuse.soak", Boolean.getBoolean("memfuse.campaign") ? "PT30M" : "PT8S"));

    private static final Duration TICK = Duration.ofMillis(500);
    private static final int SAMPLES = 180;

    @TempDir
    Path folder;

    private final BitSet acknowledged = new BitSet(8_000_000);

    private void acknowledge(long number) {
        synchronized (acknowledged) {
            acknowledged.set(Math.toIntExact(number));
        }
    }

    @Test
    void nothingGrows() throws Exception {
        long seed = Long.getLong("memfuse.soak.seed", new Random().nextLong());
        System.out.println("SoakIT: " + DURATION + ", seed " + seed);
        DATABASES.forEach(database -> database.execute(Workload.TABLE));
        var changes = new Changes(DATABASES, folder, seed);
        var load = new Workload(this::acknowledge);
        Soak soak;
        try (MemFuse memfuse = MemFuse.start(changes.write());
                load) {
            load.jdbc(memfuse.dataSource("orders"));
            load.jdbc(memfuse.dataSource("stock"));
            load.r2dbc(memfuse.connectionFactory("events"));
            load.users(memfuse);
            List<Sample> samples = run(memfuse, load, changes);
            load.pause();
            soak = new Soak(DURATION, samples, summary(load, changes));
        }
        System.out.println("SoakIT: " + soak.summary());
        if (Boolean.getBoolean("memfuse.docs.write")) {
            SoakPage.write(soak);
        }
        assertThat(load.acknowledged()).as("requests that were answered").isGreaterThan(DURATION.toSeconds());
        nothingIsLeft();
        everyTransactionIsThereOnce();
        assertThat(load.failed())
                .as("failed requests; each connection that the server ends costs one at most")
                .isLessThanOrEqualTo(changes.terminated());
        isFlat(soak);
    }

    private static List<Sample> run(MemFuse memfuse, Workload load, Changes changes) throws Exception {
        var census = new Census(DATABASES);
        List<Sample> samples = new ArrayList<>();
        long ticks = DURATION.dividedBy(TICK);
        long perSample = Math.max(1, ticks / SAMPLES);
        for (long tick = 1; tick <= ticks; tick++) {
            TimeUnit.MILLISECONDS.sleep(TICK.toMillis()); // The pace of the soak.
            if (tick % perSample == 0) {
                samples.add(census.take(load.acknowledged()));
            }
            if (tick % 2 == 0) {
                changes.evict(memfuse);
            }
            if (tick % 5 == 0) {
                changes.terminate();
            }
            if (tick % 14 == 0) {
                changes.reload(memfuse);
            }
        }
        return samples;
    }

    private static String summary(Workload load, Changes changes) {
        return load.acknowledged() + " requests in " + DURATION.toString().substring(2) + ", " + load.failed()
                + " failed; " + load.users() + " users; " + changes;
    }

    private static void nothingIsLeft() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            for (TestDatabase database : DATABASES) {
                assertThat(database.backends().all()).isEmpty();
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("memfuse") || name.startsWith("soak"));
        });
    }

    private void everyTransactionIsThereOnce() throws Exception {
        var found = new BitSet(acknowledged.size());
        for (TestDatabase database : DATABASES) {
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.setFetchSize(10_000);
                var row = statement.executeQuery("SELECT number FROM soaked");
                while (row.next()) {
                    int number = row.getInt(1);
                    assertThat(found.get(number))
                            .as("%d is there twice", number)
                            .isFalse();
                    found.set(number);
                }
            }
        }
        var lost = (BitSet) acknowledged.clone();
        lost.andNot(found);
        assertThat(lost).as("acknowledged, and not there").isEqualTo(new BitSet());
    }

    /** Of a soak of seconds only gross leaks are seen. */
    private static void isFlat(Soak soak) {
        assertThat(soak.late(Sample::threads)).as("threads").isLessThanOrEqualTo(soak.early(Sample::threads) + 4);
        assertThat(soak.late(Sample::files)).as("files").isLessThanOrEqualTo(soak.early(Sample::files) + 8);
        assertThat(soak.late(Sample::backends)).as("backends").isLessThanOrEqualTo(soak.early(Sample::backends) + 4);
        double slack = DURATION.compareTo(Duration.ofMinutes(10)) < 0 ? 40 : 2;
        assertThat(soak.late(Sample::heapMebibytes))
                .as("MiB of heap")
                .isLessThanOrEqualTo(soak.early(Sample::heapMebibytes) + slack);
    }
}
