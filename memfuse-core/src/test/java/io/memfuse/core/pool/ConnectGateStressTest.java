package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.ConnectGate.Turn;
import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who enter, leave and give up at once. */
@Timeout(60)
class ConnectGateStressTest {

    private static final int WIDTH = 3;
    private static final int THREADS = 8;
    private static final int ROUNDS = 20_000;

    private final ConnectGate gate = new ConnectGate(WIDTH, Duration.ofHours(1), new ManualTime().scheduler());
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Test
    void neverLetsTooManyInAndForgetsNobody() throws Exception {
        long seed = System.nanoTime();
        System.out.println("gate: seed " + seed);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Integer>> users = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                var random = new Random(seed + i);
                users.add(() -> pass(random));
            }
            int passed = 0;
            for (Future<Integer> user : threads.invokeAll(users)) {
                passed += user.get();
            }
            assertThat(passed).isPositive();
        } finally {
            threads.shutdownNow();
        }
        assertThat(most.get()).isLessThanOrEqualTo(WIDTH);
        List<CompletableFuture<Turn>> all = new ArrayList<>();
        for (int i = 0; i < WIDTH + 1; i++) {
            all.add(gate.enter());
        }
        assertThat(all).filteredOn(CompletableFuture::isDone).hasSize(WIDTH);
    }

    private int pass(Random random) throws Exception {
        int passed = 0;
        for (int i = 0; i < ROUNDS; i++) {
            CompletableFuture<Turn> turn = gate.enter();
            boolean givesUp = random.nextInt(4) == 0;
            if (!givesUp || !turn.cancel(false)) {
                // One that is forgotten fails the test here.
                Turn entered = turn.get(20, TimeUnit.SECONDS);
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                entered.close();
                passed++;
            }
        }
        return passed;
    }
}
