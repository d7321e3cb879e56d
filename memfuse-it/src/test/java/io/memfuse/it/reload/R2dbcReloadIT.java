package io.memfuse.it.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.MemFuse;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ten reloads of every kind while 32 reactive borrowers make transactions of several statements: none of them fails. */
@Timeout(180)
class R2dbcReloadIT {

    @RegisterExtension
    static final TestDatabase FIRST = new TestDatabase();

    @RegisterExtension
    static final TestDatabase SECOND = new TestDatabase();

    private static final int BORROWERS = 32;

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void prepare() {
        Scene.prepare(FIRST, SECOND);
    }

    @AfterAll
    static void clean() {
        Scene.clean(FIRST, SECOND);
    }

    @Test
    void failsNoRequest() {
        var scene = new Scene(FIRST, SECOND, folder, "r2dbc");
        try (MemFuse memfuse = MemFuse.start(scene.write())) {
            ConnectionFactory orders = memfuse.connectionFactory("orders");
            Disposable load = Flux.range(0, BORROWERS)
                    .flatMap(
                            i -> Mono.defer(() -> transact(orders))
                                    .onErrorResume(failure -> {
                                        failures.add(failure);
                                        return Mono.empty();
                                    })
                                    .doFinally(signal -> ended.incrementAndGet())
                                    .repeat(() -> !over.get()),
                            BORROWERS)
                    .subscribe();
            var reloads = new Reloads(scene, memfuse, FIRST, SECOND);
            reloads.ofEveryKind(this::letThemWork);
            over.set(true);
            await().atMost(Duration.ofSeconds(30)).until(load::isDisposed);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(scene::backendsAreAsConfigured);
            System.out.printf(
                    "R2dbcReloadIT: %d transactions of %d borrowers, %d reloads (the longest %d ms), %d failed%n",
                    ended.get(), BORROWERS, reloads.count(), reloads.longest().toMillis(), failures.size());
        } finally {
            over.set(true);
        }
        assertThat(failures).as("failed requests").isEmpty();
        assertThat(scene.transactions()).isEqualTo(numbers.get());
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(FIRST.backends().all()).isEmpty();
            assertThat(SECOND.backends().all()).isEmpty();
        });
    }

    private void letThemWork() {
        long before = ended.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> ended.get() > before + 2 * BORROWERS);
    }

    private Mono<Void> transact(ConnectionFactory factory) {
        long number = numbers.incrementAndGet();
        return Mono.usingWhen(
                factory.create(),
                connection -> Mono.from(connection.beginTransaction())
                        .then(insert(connection, number, 1, 100))
                        .then(insert(connection, number, 2, -100))
                        .then(Mono.from(connection.commitTransaction())),
                Connection::close,
                (connection, failure) -> connection.close(),
                Connection::close);
    }

    private static Mono<Long> insert(Connection connection, long number, int leg, int amount) {
        return Mono.from(connection
                        .createStatement("INSERT INTO ledger VALUES ($1, $2, $3)")
                        .bind("$1", number)
                        .bind("$2", leg)
                        .bind("$3", amount)
                        .execute())
                .flatMap(result -> Mono.from(result.getRowsUpdated()));
    }
}
