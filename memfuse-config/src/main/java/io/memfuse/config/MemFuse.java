package io.memfuse.config;

import com.google.inject.Module;
import io.memfuse.config.platform.Databases;
import io.memfuse.config.platform.Engine;
import io.memfuse.config.read.Reading;
import io.memfuse.config.reload.Reloader;
import io.memfuse.config.reload.ServicesChange;
import io.memfuse.core.health.Health;
import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceKey;
import io.memfuse.core.startup.StartupListener;
import io.memfuse.core.startup.StartupPlan;
import io.memfuse.core.startup.StartupReport;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One running platform: the pools, the services and what it took to start them. Thread-safe.
 *
 * <pre>{@code
 * try (MemFuse memfuse = MemFuse.start(Path.of("memfuse.yaml"))) {
 *   DataSource orders = memfuse.dataSource("orders");
 *   MemoryService memory = memfuse.services().get("alice", MemoryService.class);
 * }
 * }</pre>
 *
 * <p>The pool providers and service factories are those that {@link java.util.ServiceLoader} finds, and those that Guice
 * modules bind; see {@link MemFuseModule}.
 */
public final class MemFuse implements AutoCloseable {

    /** How long {@link #close()} waits for what is in use. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(30);

    private final MemFuseConfig config;
    private final Databases databases;
    private final Engine engine;
    private final Reloader reloader;
    private final PoolMonitor monitor;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<List<DrainReport>> drained = new CompletableFuture<>();
    private volatile @Nullable StartupReport report;

    MemFuse(MemFuseConfig config, Databases databases, Engine engine, Reloader reloader, PoolMonitor monitor) {
        this.config = config;
        this.databases = databases;
        this.engine = engine;
        this.reloader = reloader;
        this.monitor = monitor;
    }

    /**
     * Reads a file, warms its pools, pre-caches its services, and returns when each of them has settled, well or not: a
     * database that cannot be reached is in the {@link #report()}, and is tried again in the background.
     *
     * @param modules Guice modules of the application, installed beside {@link MemFuseModule}
     * @throws ConfigException if anything is wrong with the file; lists everything that is. Nothing is left running
     * @throws CancellationException if the thread is interrupted; its interrupt flag is set again. Nothing is left running
     */
    public static MemFuse start(Path file, Module... modules) {
        return builder().config(file).modules(modules).start();
    }

    /** Starts a platform that needs more than a file. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Warms and pre-caches what the configuration says, as {@link #start(Path, Module...)} does. For a platform that an
     * application's own injector made; whoever calls this also calls {@link #close()}, also if this fails.
     *
     * @return this
     * @throws CancellationException if the thread is interrupted; its interrupt flag is set again
     * @throws IllegalStateException if it was started or closed before
     */
    public MemFuse start() {
        if (started.getAndSet(true) || closed.get()) {
            throw new IllegalStateException(
                    "[MemFuse/StartedTwice] a platform starts once and ends once; make another one");
        }
        engine.watch();
        try {
            StartupReport settled = engine.startup().run(plan());
            engine.health().look(); // So that nobody is sent here before a dead database is known.
            report = settled;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("[MemFuse/StartInterrupted] interrupted while it started").initCause(e);
        }
        return this;
    }

    private StartupPlan plan() {
        List<ServiceKey> services = List.copyOf(ServicesChange.precached(config));
        return new StartupPlan(databases.now().warmed(config), services);
    }

    /**
     * Returns the database of a name, to be kept as long as the platform lives.
     *
     * @throws PoolConfigurationException if there is no such database, or if it is not used through JDBC
     */
    public DataSource dataSource(String name) {
        return resource(name, DataSource.class);
    }

    /**
     * Returns the database of a name for reactive callers, to be kept as long as the platform lives.
     *
     * @throws PoolConfigurationException if there is no such database, or if it is not used through R2DBC
     */
    public ConnectionFactory connectionFactory(String name) {
        return resource(name, ConnectionFactory.class);
    }

    /**
     * Returns what the provider of a database offers, to be kept as long as the platform lives: it stays valid while the
     * pool behind it is evicted, opened again or reloaded, also when {@link #reload(Path)} lets the name stand for another
     * database. If a reload removes the database, it refuses with a
     * {@link io.memfuse.core.pool.PoolClosedException} until the name comes back.
     *
     * @throws PoolConfigurationException if there is no such database, or if its provider offers something else
     */
    public <R> R resource(String name, Class<R> type) {
        return databases.resource(Objects.requireNonNull(name, "name"), Objects.requireNonNull(type, "type"));
    }

    /**
     * Reads a file again, or another one, and takes the platform to what it says, while requests go on: pools whose settings
     * are the same are not touched, sizes and {@code timeout} change in place, other settings have a new pool opened and filled that takes over
     * from the former one, names move to other databases in one step, and what is not used any more is drained. What fails
     * keeps its pool and its settings, and is in the report; the others go on. Returns when all former pools are closed.
     *
     * <p>Settings of services, {@code pool_idle_timeout} and {@code max_open_pools} take a restart; the report says so. Services
     * that live on a database that is moved or removed are closed, and made anew when they are asked for.
     *
     * @throws ConfigException if anything is wrong with the file; lists everything that is. Nothing is changed
     * @throws IllegalStateException if another reload is under way, or the platform has not started or is closed. Nothing is
     *     changed
     * @throws PoolClosedException if the platform is closed meanwhile
     * @throws CancellationException if the thread is interrupted while it waits; its interrupt flag is set again. The reload
     *     goes on
     */
    public ReloadReport reload(Path file) {
        Objects.requireNonNull(file, "file");
        return reload(() -> ConfigReader.create().readAll(file));
    }

    /** As {@link #reload(Path)}, to a configuration that a program made. */
    public ReloadReport reload(MemFuseConfig newConfig) {
        Objects.requireNonNull(newConfig, "newConfig");
        return reload(() -> Reading.of(newConfig));
    }

    private ReloadReport reload(Supplier<Reading> source) {
        if (closed.get()) {
            throw new IllegalStateException("[MemFuse/ReloadAfterClose] the platform is closed; start another one");
        }
        report();
        return reloader.reload(source);
    }

    /** Returns the services of all users. */
    public ServiceCache services() {
        return engine.services();
    }

    /**
     * Returns the databases by name, in the order of the configuration, each with the key of the pool that it stands for at this
     * moment: what snapshots, listeners, health and meters call it. Several names may stand for one pool.
     */
    public Map<String, PoolKey<?>> databases() {
        return databases.now().keys();
    }

    /** Returns all pools. */
    public PoolRegistry registry() {
        return engine.registry();
    }

    /**
     * Returns what was warmed and pre-cached at the start, what failed and why.
     *
     * @throws IllegalStateException if it has not started, or not completely
     */
    public StartupReport report() {
        StartupReport known = report;
        if (known == null) {
            throw new IllegalStateException("[MemFuse/NotStarted] there is no report before the start has ended");
        }
        return known;
    }

    /** Returns what all pools went through: counts, and times of one acquisition in 32. */
    public PoolMonitor monitor() {
        return monitor;
    }

    /** Returns how well the pools can serve, as it was found within the last second. Costs nothing. */
    public Health health() {
        return engine.health().health();
    }

    /**
     * Tells whether requests may come: the start has ended, each entry well or not, the platform is not closed, and at least
     * one pool serves or would.
     */
    public boolean isReady() {
        return report != null && !closed.get() && health().status() != HealthStatus.DOWN;
    }

    /** Shuts down with {@link #DEFAULT_DRAIN_TIMEOUT}. */
    @Override
    public void close() {
        shutdown(DEFAULT_DRAIN_TIMEOUT);
    }

    /**
     * Ends everything: the retries of the start, the services, the pools, the threads, in this order. What is in use may be
     * finished for {@code drainTimeout}, then it is aborted, also in pools that drain already with more time. A second call waits for the first and returns the same. An
     * interrupt ends the waiting, not the closing; the list is empty then, and the interrupt flag set.
     *
     * @return one report for each pool that was open
     */
    public List<DrainReport> shutdown(Duration drainTimeout) {
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        if (!closed.getAndSet(true)) {
            // On a thread of its own, so that the interrupt of one caller cuts nothing off that drains.
            var thread = new Thread(() -> closeEngine(drainTimeout), "memfuse-shutdown");
            thread.setDaemon(false);
            thread.start();
        }
        return awaitDrained();
    }

    private void closeEngine(Duration drainTimeout) {
        try {
            drained.complete(engine.close(drainTimeout));
        } catch (RuntimeException | Error e) {
            drained.completeExceptionally(e);
        }
    }

    private List<DrainReport> awaitDrained() {
        try {
            // INVARIANT: closing waits for nothing without a deadline, and completes this whatever happens.
            return drained.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "[MemFuse/ShutdownFailed] everything was told to end, but: " + e.getCause(), e);
        }
    }

    /** Collects what a platform is started with. Not thread-safe. */
    public static final class Builder {

        private final List<Module> modules = new ArrayList<>();
        private @Nullable Supplier<Reading> config;
        private final List<PoolListener> poolListeners = new ArrayList<>();
        private @Nullable StartupListener startupListener;

        private Builder() {}

        /** Sets the configuration, as a file to be read when the platform starts. */
        public Builder config(Path file) {
            Objects.requireNonNull(file, "file");
            config = () -> ConfigReader.create().readAll(file);
            return this;
        }

        /** Sets the configuration. */
        public Builder config(MemFuseConfig newConfig) {
            Objects.requireNonNull(newConfig, "config");
            config = () -> Reading.of(newConfig);
            return this;
        }

        /** Adds Guice modules of the application. */
        public Builder modules(Module... more) {
            modules.addAll(List.of(more));
            return this;
        }

        /** Adds one who is told what happens to pools and connections, beside whom a module binds. */
        public Builder poolListener(PoolListener listener) {
            poolListeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Sets who is told of the progress of the start. */
        public Builder startupListener(StartupListener listener) {
            this.startupListener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Checks the configuration, names of providers and services included, and starts nothing.
         *
         * @return the configuration
         * @throws ConfigException if anything is wrong with it; lists everything that is
         */
        public MemFuseConfig check() {
            return assembly().check();
        }

        /**
         * Checks the configuration, and returns every value that the platform would work with, what is built in included,
         * in the order of the configuration. Starts nothing.
         *
         * @throws ConfigException if anything is wrong with it; lists everything that is
         */
        public List<EffectiveValue> effective() {
            return assembly().effective();
        }

        /**
         * Starts the platform; see {@link MemFuse#start(Path, Module...)}.
         *
         * @throws ConfigException if anything is wrong with the configuration
         * @throws CancellationException if the thread is interrupted; its interrupt flag is set again
         */
        public MemFuse start() {
            MemFuse memfuse = assembly().memfuse();
            try {
                return memfuse.start();
            } catch (RuntimeException | Error failure) {
                undo(memfuse, failure);
                throw failure;
            }
        }

        private static void undo(MemFuse memfuse, Throwable failure) {
            boolean interrupted = Thread.interrupted();
            try {
                memfuse.close();
            } catch (RuntimeException suppressed) {
                failure.addSuppressed(suppressed);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private Assembly assembly() {
            if (config == null) {
                throw new IllegalStateException("[MemFuse/NoConfig] the builder needs a config");
            }
            List<Module> all = new ArrayList<>(modules);
            if (startupListener != null) {
                all.add(Assembly.binding(StartupListener.class, startupListener));
            }
            return new Assembly(config.get(), all, poolListeners);
        }
    }
}
