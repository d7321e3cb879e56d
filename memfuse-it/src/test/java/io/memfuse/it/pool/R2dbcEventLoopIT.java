package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.ConnectGate;
import io.memfuse.core.pool.ConnectGate.Turn;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** No thread is ever blocked that must not be: BlockHound watches the event loops, and Reactor's own threads. */
@Timeout(60)
class R2dbcEventLoopIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final int BORROWERS = 2_000;

    /** Where a thread was blocked that must not be. */
    private static final List<Throwable> BLOCKED = new CopyOnWriteArrayList<>();

    static {
        BlockHound.install(builder ->
                builder.blockingMethodCallback(method -> BLOCKED.add(new IllegalStateException("blocks: " + method))));
    }

    @BeforeEach
    void forget() {
        BLOCKED.clear();
    }

    /**
     * Where our own code called what blocks; not where the driver did, which reads random numbers for a login from a file, nor
     * at the first use of a class, which the JVM reads where it is used.
     */
    private static List<String> blockedByUs() {
        return BLOCKED.stream()
                .filter(blocked -> Arrays.stream(blocked.getStackTrace())
                        .noneMatch(frame -> frame.getClassName().equals("java.lang.ClassLoader")))
                .flatMap(blocked -> Arrays.stream(blocked.getStackTrace())
                        .filter(frame -> !isOfTheJdkOrTheTest(frame.getClassName()))
                        .limit(1)
                        .filter(caller -> caller.getClassName().startsWith("io.memfuse."))
                        .map(caller -> blocked.getMessage() + " called by " + caller))
                .toList();
    }

    private static boolean isOfTheJdkOrTheTest(String name) {
        return name.startsWith("java.")
                || name.startsWith("jdk.")
                || name.startsWith("sun.")
                || name.startsWith("reactor.blockhound.")
                || name.equals(R2dbcEventLoopIT.class.getName());
    }

    @Test
    void whoBlocksIsSeen() {
        Mono.fromRunnable(R2dbcEventLoopIT::block)
                .subscribeOn(Schedulers.parallel())
                .block();

        assertThat(BLOCKED).isNotEmpty();
        assertThat(blockedByUs()).isEmpty();
    }

    private static void block() {
        new CompletableFuture<>()
                .completeOnTimeout("late", 10, TimeUnit.MILLISECONDS)
                .join();
    }

    @Test
    void aGateThatManyPassAtOnceBlocksNobody() {
        var gate = new ConnectGate(2, Duration.ofHours(1), new ManualTime().scheduler());

        Flux.range(0, 400_000)
                .parallel(4)
                .runOn(Schedulers.parallel())
                .doOnNext(n -> gate.enter().thenAccept(Turn::close))
                .sequential()
                .blockLast();

        assertThat(blockedByUs()).isEmpty();
    }

    private static boolean isImpatient(int borrower) {
        return borrower % 7 == 0;
    }

    private static Mono<Integer> givingUp(Mono<Integer> use) {
        return use.timeout(Duration.ofMillis(1)).onErrorResume(TimeoutException.class, failure -> Mono.empty());
    }

    @Test
    void openingWaitingServingAndCancellingBlockNobody() {
        try (PoolRegistry registry =
                PoolRegistry.builder().provider(new R2dbcPoolProvider()).build()) {
            PoolSpec spec = DATABASE.spec("r2dbc")
                    .limits(R2dbcPools.LIMITS.withSizes(0, 3))
                    .build();
            PoolKey<ConnectionFactory> key = registry.register(spec, ConnectionFactory.class);
            ConnectionFactory durable = registry.durable(key);

            // From the first, which has the pool opened, to the last, who all wait; each asks on a thread that must not
            // block.
            List<Integer> served = Flux.range(0, BORROWERS)
                    .flatMap(
                            n -> Mono.usingWhen(durable.create(), Reactive::pid, Connection::close)
                                    .thenReturn(n)
                                    .subscribeOn(Schedulers.parallel())
                                    .as(use -> isImpatient(n) ? givingUp(use) : use.timeout(Duration.ofSeconds(20))),
                            64)
                    .collectList()
                    .block();

            assertThat(served)
                    .containsAll(IntStream.range(0, BORROWERS)
                            .filter(n -> !isImpatient(n))
                            .boxed()
                            .toList());
        }
        assertThat(blockedByUs()).isEmpty();
    }
}
