package io.memfuse.core.testing;

import io.memfuse.core.pool.ConnectGate;
import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;

/** Opens the pools of one test of {@link PoolProviderContract} as the registry does, and closes them. */
final class ContractPools<R> implements AutoCloseable {

    /** Something that a borrower does, on a thread of his own. */
    interface Work<T> {
        T run() throws Exception;
    }

    /** One set of threads for all tests of the JVM: they end when they are idle. */
    private static final EngineThreads THREADS = EngineThreads.create();

    private final PoolUnderTest<R> tested;
    private final Queue<PoolHandle<R>> opened = new ConcurrentLinkedQueue<>();

    ContractPools(PoolUnderTest<R> tested) {
        this.tested = tested;
    }

    PoolKey<R> key() {
        return PoolKey.of(tested.spec().build(), tested.provider().resourceType());
    }

    PoolHandle<R> open(PoolSpec.Builder spec) throws Exception {
        return open(spec, PoolListener.NONE);
    }

    PoolHandle<R> open(PoolSpec.Builder spec, PoolListener listener) throws Exception {
        return open(spec, listener, THREADS.scheduler(), Ticker.system());
    }

    /** Opens a pool whose time is hurried. */
    PoolHandle<R> openInAHurry(PoolSpec.Builder spec) throws Exception {
        var time = new HurriedTime(THREADS.scheduler());
        return open(spec, PoolListener.NONE, time, time);
    }

    /** Opens a pool that logs in when the gate lets it. */
    PoolHandle<R> openBehind(ConnectGate gate, PoolSpec.Builder spec, PoolListener listener) throws Exception {
        return open(
                spec.build(),
                new PoolContext(key(), listener, THREADS.scheduler(), THREADS.openers(), Ticker.system(), gate));
    }

    /** Opens a pool that remembers who holds its connections. */
    PoolHandle<R> openTracking(HolderTracking tracking, PoolSpec.Builder spec, PoolListener listener) throws Exception {
        return open(
                spec.build(),
                new PoolContext(
                        key(),
                        listener,
                        THREADS.scheduler(),
                        THREADS.openers(),
                        Ticker.system(),
                        gate(Integer.MAX_VALUE),
                        tracking));
    }

    /** Opens a pool that is asked how often it lent. */
    PoolHandle<R> openCounting(LoanCounter loans, PoolSpec.Builder spec) throws Exception {
        return open(
                spec.build(),
                new PoolContext(
                        key(),
                        new RecordingListener(),
                        loans,
                        THREADS.scheduler(),
                        THREADS.openers(),
                        Ticker.system(),
                        gate(Integer.MAX_VALUE),
                        HolderTracking.OFF));
    }

    /** Returns a gate that lets in so many at once. */
    static ConnectGate gate(int width) {
        return new ConnectGate(width, Duration.ofMinutes(1), THREADS.scheduler());
    }

    private PoolHandle<R> open(
            PoolSpec.Builder spec, PoolListener listener, ScheduledExecutorService scheduler, Ticker ticker)
            throws Exception {
        PoolSpec built = spec.build();
        PoolKey<R> key = PoolKey.of(built, tested.provider().resourceType());
        return open(built, new PoolContext(key, listener, scheduler, THREADS.openers(), ticker));
    }

    private PoolHandle<R> open(PoolSpec spec, PoolContext context) throws Exception {
        PoolHandle<R> pool = tested.provider().open(spec, context);
        opened.add(pool);
        return pool;
    }

    @Override
    public void close() {
        for (PoolHandle<R> pool = opened.poll(); pool != null; pool = opened.poll()) {
            pool.close(Duration.ZERO);
        }
    }

    static <T> CompletableFuture<T> async(Work<T> work) {
        var done = new CompletableFuture<T>();
        new Thread(
                        () -> {
                            try {
                                done.complete(work.run());
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        },
                        "contract-borrower")
                .start();
        return done;
    }

    /** Returns the threads but for those of the engine and of the tests themselves. */
    static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> thread.getName().startsWith("memfuse-opener")
                || thread.getName().startsWith("memfuse-scheduler")
                || thread.getName().startsWith("contract-borrower")
                || thread.getName().startsWith("awaitility")
                || thread.getName().startsWith("ForkJoinPool")
                || thread.getName().startsWith("PostgreSQL-JDBC"));
        return threads;
    }
}
