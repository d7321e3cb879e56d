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
import io.memfuse.pool.hikari.HikariPoolProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Password and sizes of a database change while it is under load. */
class RegistryReplaceIT {

    private static final String ROLE = "it_rotated";

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final PoolRegistry registry =
            PoolRegistry.builder().provider(new HikariPoolProvider()).build();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger served = new AtomicInteger();
    private final List<CompletableFuture<Void>> borrowers = new ArrayList<>();

    @BeforeEach
    void createRole() {
        DATABASE.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD 'first'");
    }

    @AfterEach
    void dropRole() {
        over.set(true);
        registry.close(Duration.ZERO);
        DATABASE.execute("DROP ROLE " + ROLE);
    }

    private static PoolSpec spec(String password, int minSize, int maxSize) {
        return DATABASE.spec()
                .user(ROLE)
                .password(Secret.of(password))
                .limits(Pools.LIMITS.withSizes(minSize, maxSize))
                .build();
    }

    private void borrowAllTheTime(DataSource durable) {
        for (int i = 0; i < 4; i++) {
            var borrower = new CompletableFuture<Void>();
            new Thread(
                            () -> {
                                try {
                                    while (!over.get()) {
                                        borrowOnce(durable);
                                        served.incrementAndGet();
                                    }
                                    borrower.complete(null);
                                } catch (SQLException | RuntimeException e) {
                                    borrower.completeExceptionally(e);
                                }
                            },
                            "borrower-" + i)
                    .start();
            borrowers.add(borrower);
        }
    }

    private static void borrowOnce(DataSource durable) throws SQLException {
        try (Connection connection = durable.getConnection()) {
            assertThat(Pools.query(connection, "SELECT current_user")).isEqualTo(ROLE);
        }
    }

    private void awaitServed() {
        int before = served.get();
        await().until(() ->
                served.get() > before + 20 || borrowers.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    }

    private void assertNobodyFailed() {
        over.set(true);
        assertThat(CompletableFuture.allOf(borrowers.toArray(CompletableFuture<?>[]::new)))
                .succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void failsNobodyWhenThePasswordIsRotatedAndThePoolGrows() throws Exception {
        PoolKey<DataSource> key = registry.register(spec("first", 1, 3), DataSource.class);
        borrowAllTheTime(registry.durable(key));
        awaitServed();

        DATABASE.execute("ALTER ROLE " + ROLE + " PASSWORD 'second'");
        Optional<DrainReport> report = registry.replace(key, spec("second", 4, 6))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);

        awaitServed();
        assertNobodyFailed();
        assertThat(report).hasValueSatisfying(old -> assertThat(old.drained()).isTrue());
        assertThat(registry.snapshot(key).stats().maxSize()).isEqualTo(6);
        assertThat(registry.snapshot(key).stats().total()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void failsNobodyWhenTheNewPasswordIsWrong() throws Exception {
        PoolKey<DataSource> key = registry.register(spec("first", 1, 3), DataSource.class);
        borrowAllTheTime(registry.durable(key));
        awaitServed();

        assertThat(registry.replace(key, spec("wrong", 1, 3)).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .satisfies(failure -> assertThat(failure.getCause())
                        .isInstanceOfSatisfying(
                                PoolOpenException.class,
                                open -> assertThat(open.kind()).isEqualTo(FailureKind.BAD_CREDENTIALS)));

        awaitServed();
        assertNobodyFailed();
        assertThat(registry.snapshot(key).stats().maxSize()).isEqualTo(3);
    }
}
