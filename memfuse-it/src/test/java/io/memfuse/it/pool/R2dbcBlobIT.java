package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.it.TestDatabase;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.r2dbc.spi.Blob;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What is read as a {@code Blob} is what was written, and its buffers are released once (docs/adr/0022): one released twice is
 * taken for something else while it is in use, and one that is never released stays active in the allocator.
 */
@Timeout(120)
class R2dbcBlobIT {

    private static final int ROWS = 120;
    private static final int ROUNDS = 10;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final R2dbcPools POOLS = new R2dbcPools();

    /** What a program does with a blob. */
    private enum Use {
        READ {
            @Override
            Mono<String> of(Blob blob) {
                return sum(blob);
            }
        },
        READ_AND_DISCARD {
            @Override
            Mono<String> of(Blob blob) {
                return sum(blob).flatMap(sum -> Flux.from(blob.discard()).then(Mono.just(sum)));
            }
        },
        DISCARD {
            @Override
            Mono<String> of(Blob blob) {
                return Flux.from(blob.discard()).then(Mono.just(""));
            }
        };

        abstract Mono<String> of(Blob blob);

        private static Mono<String> sum(Blob blob) {
            return Flux.from(blob.stream())
                    .collect(Use::md5, MessageDigest::update)
                    .map(digest -> HexFormat.of().formatHex(digest.digest()));
        }

        private static MessageDigest md5() {
            try {
                return MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** From a few bytes, of which many rows come in one buffer, to more than a buffer. */
    @BeforeEach
    void createRows() {
        DATABASE.execute("DROP TABLE IF EXISTS things; CREATE TABLE things (id int PRIMARY KEY, thing bytea);"
                + " INSERT INTO things SELECT n, decode(repeat(md5(n::text), 1 + (n % 7) * (n % 7) * 100), 'hex')"
                + " FROM generate_series(1, " + ROWS + ") n");
    }

    private static long activeBuffers() {
        var metric = PooledByteBufAllocator.DEFAULT.metric();
        return Stream.concat(metric.directArenas().stream(), metric.heapArenas().stream())
                .flatMapToLong(arena -> LongStream.of(active(arena)))
                .sum();
    }

    private static long active(PoolArenaMetric arena) {
        return arena.numActiveAllocations();
    }

    private static List<String> use(Connection connection, Use use) {
        return Reactive.await(Flux.from(connection
                        .createStatement("SELECT thing FROM things ORDER BY id")
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Blob.class))))
                .concatMap(use::of)
                .collectList());
    }

    @ParameterizedTest
    @EnumSource
    void isWhatWasWrittenAndIsReleasedOnce(Use use) throws Exception {
        PoolHandle<ConnectionFactory> pool =
                POOLS.open(DATABASE.spec("r2dbc").limits(R2dbcPools.LIMITS.withSizes(1, 1)));
        String written = DATABASE.query("SELECT string_agg(md5(thing), ',' ORDER BY id) FROM things");
        List<String> expected =
                use == Use.DISCARD ? Stream.generate(() -> "").limit(ROWS).toList() : List.of(written.split(","));
        Connection connection = Reactive.await(pool.resource().create());
        int pid = Reactive.await(Reactive.pid(connection));
        long before = activeBuffers();

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(use(connection, use)).isEqualTo(expected);
        }

        assertThat(Reactive.await(Reactive.pid(connection))).isEqualTo(pid);
        await().untilAsserted(() -> assertThat(activeBuffers()).isLessThan(before + ROWS / 4));
        Reactive.run(connection.close());
    }
}
