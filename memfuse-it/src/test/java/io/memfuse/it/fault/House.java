package io.memfuse.it.fault;

import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.memfuse.config.ConfigReader;
import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.time.Ticker;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.hikari.HikariPoolProvider;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import java.sql.Connection;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * A platform with two databases of one technology, {@code struck} and {@code other}, and with parts that fail on request: a
 * factory of services, a listener, a clock, a provider. Thread-safe.
 */
final class House implements AutoCloseable {

    /** What a part does when it is called. */
    enum Mood {
        WELL,
        THROWS,
        BLOCKS,
        /** Takes a connection first, which it never gives back. */
        LEAKS
    }

    /** What the factory makes; useless. */
    static final class Gadget {}

    static final Duration TIMEOUT = Duration.ofSeconds(1);
    static final int MAX_SIZE = 2;

    volatile Mood factory = Mood.WELL;
    volatile Mood listener = Mood.WELL;
    volatile boolean noMemory;

    /** How far the clock is ahead of the true one. */
    final AtomicLong aheadNanos = new AtomicLong();

    /** What blocks does so until then. */
    final CountDownLatch over = new CountDownLatch(1);

    /** How many are at it. */
    final AtomicInteger blocked = new AtomicInteger();

    final Queue<ConnectionHolder> leaks = new ConcurrentLinkedQueue<>();
    final MemFuse memfuse;
    private final Technology technology;
    private final String database;

    House(Technology technology, TestDatabase struck, TestDatabase other) {
        this(technology, struck.server().port(), struck, other);
    }

    /** As above, with the struck database behind another port of this machine. */
    House(Technology technology, int port, TestDatabase struck, TestDatabase other) {
        this.technology = technology;
        this.database = struck.name();
        var server = struck.server();
        String yaml = """
                defaults:
                  {provider: %s, min_size: 0, max_size: %d, timeout: %ds, host: %s, user: %s, password: "%s", ssl_mode: disable}
                databases:
                  struck: {database: %s, port: %d}
                  other: {database: %s, port: %d}
                monitoring: {track_holders: 1, leak_threshold: 1s}
                """.formatted(
                        technology.provider(),
                        MAX_SIZE,
                        TIMEOUT.toSeconds(),
                        server.host(),
                        server.user(),
                        server.password(),
                        struck.name(),
                        port,
                        other.name(),
                        server.port());
        memfuse = MemFuse.builder()
                .config(ConfigReader.create().read("memfuse.yaml", yaml))
                .modules(new Parts())
                .start();
    }

    private final class Parts implements Module {

        @Override
        public void configure(Binder binder) {
            var providers = Multibinder.newSetBinder(binder, new TypeLiteral<PoolProvider<?>>() {});
            providers.addBinding().toInstance(new Provider<>(new HikariPoolProvider()));
            providers.addBinding().toInstance(new Provider<>(new R2dbcPoolProvider()));
            Multibinder.newSetBinder(binder, new TypeLiteral<ServiceFactory<?>>() {})
                    .addBinding()
                    .toInstance(new Factory());
            OptionalBinder.newOptionalBinder(binder, PoolListener.class)
                    .setBinding()
                    .toInstance(new Listener());
            OptionalBinder.newOptionalBinder(binder, Ticker.class)
                    .setBinding()
                    .toInstance(() -> System.nanoTime() + aheadNanos.get());
        }
    }

    private void block() {
        blocked.incrementAndGet();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Factory implements ServiceFactory<Gadget> {

        @Override
        public String name() {
            return "gadget";
        }

        @Override
        public Class<Gadget> type() {
            return Gadget.class;
        }

        @Override
        public Gadget create(ServiceContext context) throws Exception {
            Mood mood = factory;
            if (mood == Mood.LEAKS) {
                Connection unused = context.resource(DataSource.class).getConnection();
            }
            if (mood == Mood.BLOCKS) {
                blocked.incrementAndGet();
                over.await();
            }
            if (mood != Mood.WELL) {
                throw new IllegalStateException("the factory fails");
            }
            return new Gadget();
        }
    }

    /** Of the struck database alone. */
    private final class Listener implements PoolListener {

        @Override
        public int timesOneIn() {
            return 1;
        }

        private void act(PoolKey<?> key) {
            if (!isStruck(key)) {
                return;
            }
            if (listener == Mood.THROWS) {
                throw new IllegalStateException("the listener fails");
            }
            if (listener == Mood.BLOCKS) {
                block();
            }
        }

        @Override
        public void opened(PoolKey<?> key, long tookNanos) {
            act(key);
        }

        @Override
        public void connected(PoolKey<?> key, long tookNanos) {
            act(key);
        }

        @Override
        public void acquired(PoolKey<?> key, long waitedNanos) {
            act(key);
        }

        @Override
        public void released(PoolKey<?> key, long heldNanos) {
            act(key);
        }

        @Override
        public void timedOut(PoolKey<?> key, long waitedNanos) {
            act(key);
        }

        @Override
        public void leaked(PoolKey<?> key, ConnectionHolder holder) {
            leaks.add(holder);
        }

        @Override
        public void evicted(PoolKey<?> key) {
            act(key);
        }
    }

    /** The true one, but for the lack of memory with which it may meet an opening. */
    private final class Provider<R> implements PoolProvider<R> {

        private final PoolProvider<R> real;

        Provider(PoolProvider<R> real) {
            this.real = real;
        }

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public Class<R> resourceType() {
            return real.resourceType();
        }

        @Override
        public PoolHandle<R> open(PoolSpec spec, PoolContext context) throws Exception {
            if (noMemory && isStruck(context.key())) {
                throw new OutOfMemoryError("for a test");
            }
            return real.open(spec, context);
        }

        @Override
        public R durable(PoolRoute<R> route) {
            return real.durable(route);
        }
    }

    private boolean isStruck(PoolKey<?> key) {
        return key.database().equals(database);
    }

    /** Returns who writes to the struck database. */
    Load.Writer struck() {
        return technology.writer(memfuse, "struck");
    }

    /** Returns who writes to the other database. */
    Load.Writer other() {
        return technology.writer(memfuse, "other");
    }

    /** Takes all connections of the struck database at once, and gives them back; fails if there are fewer. */
    void borrowAll() throws Exception {
        whileAllAreLent(() -> {});
    }

    /** As above; has something done meanwhile. */
    void whileAllAreLent(Deed deed) throws Exception {
        technology.borrow(memfuse, "struck", MAX_SIZE, deed);
    }

    /** Returns the key of the struck database. */
    PoolKey<?> key() {
        return memfuse.registry().snapshot().pools().stream()
                .<PoolKey<?>>map(PoolSnapshot::key)
                .filter(this::isStruck)
                .findFirst()
                .orElseThrow();
    }

    PoolStats stats() {
        return memfuse.registry().snapshot(key()).stats();
    }

    /** Asks for a gadget; does not wait for it. */
    CompletableFuture<Gadget> gadget(String user) {
        return memfuse.services().getAsync(user, Gadget.class).toCompletableFuture();
    }

    @Override
    public void close() {
        over.countDown();
        memfuse.close();
    }
}
