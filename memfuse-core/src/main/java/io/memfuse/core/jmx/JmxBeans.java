package io.memfuse.core.jmx;

import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beans for the pools of a registry and for its lock, named {@code io.memfuse:type=Pool,instance=NAME,name="KEY"} and
 * {@code io.memfuse:type=Lock,instance=NAME}. A pool has one while it is opening, open, draining or failed, which is looked at
 * each second; a bean reads its pool when it is asked. Thread-safe.
 */
public final class JmxBeans implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JmxBeans.class);

    private static final String DOMAIN = "io.memfuse";
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    /** More than an operator looks through; each is a few hundred bytes. */
    private static final int DEFAULT_MAX_POOLS = 1_000;

    private final String instance;
    private final PoolRegistry registry;
    private final PoolMonitor monitor;
    private final MBeanServer server;
    private final EngineThreads threads;
    private final int maxPools;

    /** Whoever has set it changes {@code names}; nobody waits for it. */
    private final AtomicBoolean changing = new AtomicBoolean();

    private final Map<PoolKey<?>, ObjectName> names = new HashMap<>();
    private @Nullable ObjectName lockName;
    private volatile boolean closed;
    private volatile @Nullable ScheduledFuture<?> timer;

    /** Shows 1,000 pools at most. */
    public JmxBeans(
            String instance, PoolRegistry registry, PoolMonitor monitor, MBeanServer server, EngineThreads threads) {
        this(instance, registry, monitor, server, threads, DEFAULT_MAX_POOLS);
    }

    /**
     * @param instance tells apart several registries of one JVM
     * @param monitor the listener of the registry's pools
     * @param maxPools so many pools have a bean, at most
     * @throws IllegalArgumentException if {@code maxPools} is negative
     */
    public JmxBeans(
            String instance,
            PoolRegistry registry,
            PoolMonitor monitor,
            MBeanServer server,
            EngineThreads threads,
            int maxPools) {
        if (maxPools < 0) {
            throw new IllegalArgumentException("maxPools is " + maxPools + "; accepted: 0 or more");
        }
        this.instance = instance;
        this.registry = registry;
        this.monitor = monitor;
        this.server = server;
        this.threads = threads;
        this.maxPools = maxPools;
    }

    /** Shows what is there, and looks each second from now on, until it is closed. Called once. */
    public void start() {
        refresh();
        timer = threads.scheduler()
                .scheduleWithFixedDelay(this::refreshSoon, INTERVAL_NANOS, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
    }

    private void refreshSoon() {
        try {
            threads.workers().execute(this::refresh);
        } catch (RejectedExecutionException e) {
            LOG.debug("the beans are not looked after any more: the platform closes", e);
        }
    }

    /** Looks now. */
    public void refresh() {
        if (!closed && changing.compareAndSet(false, true)) {
            try {
                show();
            } catch (RuntimeException e) {
                LOG.warn("the beans of the pools could not be refreshed; it is tried again in a second", e);
            } finally {
                changing.set(false);
            }
            unregisterIfClosed();
        }
    }

    private void show() {
        if (lockName == null) {
            ObjectName name = name("Lock", null);
            lockName = register(name, new LockBean(registry)) ? name : null;
        }
        Set<PoolKey<?>> present = present();
        for (var entries = names.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            if (!present.contains(entry.getKey())) {
                unregister(entry.getValue());
                entries.remove();
            }
        }
        for (PoolKey<?> key : present) {
            if (names.size() >= maxPools) {
                return;
            }
            if (!names.containsKey(key)) {
                ObjectName name = name("Pool", key.toString());
                if (register(name, new PoolBean(registry, monitor, key))) {
                    names.put(key, name);
                }
            }
        }
    }

    private Set<PoolKey<?>> present() {
        Set<PoolKey<?>> present = new LinkedHashSet<>();
        for (PoolSnapshot pool : registry.snapshot().pools()) {
            if (pool.state() != PoolState.REGISTERED && pool.state() != PoolState.CLOSED) {
                present.add(pool.key());
            }
        }
        return present;
    }

    private ObjectName name(String type, @Nullable String name) {
        String text = DOMAIN + ":type=" + type + ",instance=" + ObjectName.quote(instance)
                + (name == null ? "" : ",name=" + ObjectName.quote(name));
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException("not the name of a bean: " + text, e);
        }
    }

    private boolean register(ObjectName name, Object bean) {
        try {
            server.registerMBean(bean, name);
            return true;
        } catch (JMException e) {
            LOG.debug("{}: cannot be registered; it is tried again in a second", name, e);
            return false;
        }
    }

    private void unregister(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            LOG.debug("{}: was unregistered by somebody else", name, e);
        }
    }

    /** Takes away all beans. */
    @Override
    public void close() {
        closed = true;
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        unregisterIfClosed();
    }

    /** Whoever looks when it is closed takes them away afterwards. */
    private void unregisterIfClosed() {
        if (closed && changing.compareAndSet(false, true)) {
            try {
                names.values().forEach(this::unregister);
                names.clear();
                if (lockName != null) {
                    unregister(lockName);
                    lockName = null;
                }
            } finally {
                changing.set(false);
            }
        }
    }
}
