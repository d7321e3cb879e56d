package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The password of a database changes while reactive borrowers use it; the reactive sister of {@link RegistryReplaceIT}. */
@Timeout(60)
class R2dbcReplaceIT {

    private static final String ROLE = "it_rotated_reactive";

    /** More than the pool has connections: some wait while it is replaced. */
    private static final int BORROWERS = 8;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final PoolRegistry registry =
            PoolRegistry.builder().provider(new R2dbcPoolProvider()).build();
    private final AtomicInteger served = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void createRole() {
        DATABASE.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD 'first'");
    }

    @AfterEach
    void dropRole() {
        registry.close(Duration.ZERO);
        DATABASE.execute("DROP ROLE " + ROLE);
    }

    private static PoolSpec spec(String password) {
        return DATABASE.spec("r2dbc")
                .user(ROLE)
                .password(Secret.of(password))
                .limits(R2dbcPools.LIMITS.withSizes(1, 3))
                .build();
    }

    private Disposable borrowAllTheTime(ConnectionFactory durable) {
        Mono<String> once = Mono.usingWhen(
                durable.create(), connection -> Reactive.query(connection, "SELECT current_user"), Connection::close);
        return Flux.range(0, BORROWERS)
                .flatMap(
                        borrower -> once.doOnNext(user -> served.incrementAndGet())
                                .doOnError(failures::add)
                                .onErrorComplete()
                                .repeat(),
                        BORROWERS)
                .subscribe();
    }

    private void awaitServed() {
        int before = served.get();
        await().until(() -> served.get() > before + 50 || !failures.isEmpty());
    }

    private static Set<Integer> backends() {
        return DATABASE.backends().pids();
    }

    @Test
    void failsNobodyWhenThePasswordIsRotated() throws Exception {
        PoolKey<ConnectionFactory> key = registry.register(spec("first"), ConnectionFactory.class);
        Disposable load = borrowAllTheTime(registry.durable(key));
        awaitServed();
        Set<Integer> before = backends();

        DATABASE.execute("ALTER ROLE " + ROLE + " PASSWORD 'second'");
        Optional<DrainReport> report =
                registry.replace(key, spec("second")).toCompletableFuture().get(20, TimeUnit.SECONDS);
        awaitServed();
        load.dispose();

        assertThat(failures).isEmpty();
        assertThat(report).hasValueSatisfying(old -> assertThat(old.drained()).isTrue());
        await().untilAsserted(() -> assertThat(backends()).isNotEmpty().doesNotContainAnyElementsOf(before));
        await().untilAsserted(() ->
                assertThat(registry.snapshot(key).stats().active()).isZero());
    }

    @Test
    void failsNobodyWhenTheNewPasswordIsWrong() {
        PoolKey<ConnectionFactory> key = registry.register(spec("first"), ConnectionFactory.class);
        Disposable load = borrowAllTheTime(registry.durable(key));
        awaitServed();

        assertThat(registry.replace(key, spec("wrong")).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .satisfies(failure -> assertThat(failure.getCause())
                        .isInstanceOfSatisfying(
                                PoolOpenException.class,
                                open -> assertThat(open.kind()).isEqualTo(FailureKind.BAD_CREDENTIALS)));
        awaitServed();
        load.dispose();

        assertThat(failures).isEmpty();
    }
}
