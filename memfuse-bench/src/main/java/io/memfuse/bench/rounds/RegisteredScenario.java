package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.Ours;
import io.memfuse.bench.stub.StubDataSource;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.pool.hikari.StubHikari;
import java.util.List;
import javax.sql.DataSource;

/** Ten thousand databases that are registered and never asked for. */
final class RegisteredScenario implements Scenario {

    private static final int DATABASES = 10_000;

    @Override
    public List<String> candidates() {
        return List.of("memfuse");
    }

    @Override
    public int rounds() {
        return 5;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws InterruptedException {
        var driver = new StubDataSource();
        try (PoolRegistry registry =
                PoolRegistry.builder().provider(StubHikari.on(driver)).build()) {
            int threads = Heap.threads();
            long before = Heap.usedBytes();
            PoolKey<DataSource> last = register(registry, 0);
            for (int i = 1; i < DATABASES; i++) {
                last = register(registry, i);
            }
            recorder.record("bytes", (double) (Heap.usedBytes() - before) / DATABASES);
            recorder.record("threads", Heap.threads() - threads);
            recorder.record("connections", driver.connected());
            registry.snapshot(last); // So that all of it is still reachable up to here.
        }
    }

    private static PoolKey<DataSource> register(PoolRegistry registry, int number) {
        return registry.register(Ours.spec(new Database(0, "tenant" + number), 1, 20), DataSource.class);
    }
}
