package io.memfuse.core.service;

import io.memfuse.core.thread.Waiting;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of one user: makes each once, lets them depend on one another, and closes them all, once.
 *
 * <p>INVARIANT: a service is closed before those it asked for. A service that asks for another waits until that one is made;
 * so services are complete, and recorded in {@code made}, in an order in which each comes after those it depends on. Closing
 * takes them in the reverse order.
 *
 * <p>INVARIANT: no wait for ever among services of one user. Each loading waits for one other at most; before it waits, it
 * follows the chain of those waits under the mutex, and finds itself there if its wait would close a circle.
 *
 * <p>INVARIANT: a service in use is not evicted as idle. A caller reads {@code seen}, then {@code ready}, then the epoch of the
 * moment. If that is the one it read in {@code seen}, it was in {@code seen} before {@code ready} was read, and {@code seen} goes
 * forward only; so who evicts, which clears {@code ready} and then reads {@code seen}, finds that epoch, not over before
 * {@code ready} was read, or a later one. Read after {@code ready}, {@code seen} could be what another caller wrote after it was
 * cleared and read. If it is another epoch, the caller writes {@code seen} and reads {@code ready} again. All of it is volatile:
 * one of the two sees the other.
 */
final class UserServices {

    private static final Logger LOG = LoggerFactory.getLogger(UserServices.class);

    /** Of {@code ready}: an array, where AtomicReferenceArray would be one more reference for each request to follow. */
    private static final VarHandle READY = MethodHandles.arrayElementVarHandle(Object[].class);

    private static final VarHandle SEEN;

    static {
        try {
            SEEN = MethodHandles.lookup().findVarHandle(UserServices.class, "seen", Epoch.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String user;
    private final CacheEngine engine;
    private final Runnable onClosed;

    /** What callers find without a lock, by kind; written under the mutex. By READY. */
    private final @Nullable Object[] ready;

    /**
     * When the user was seen last. Written once in an epoch, so that callers on several cores do not fight over the line; it
     * goes forward only.
     */
    private volatile Epoch seen;

    private final ReentrantLock mutex = new ReentrantLock();

    /** Under way, by kind. Guarded by {@code mutex}. */
    private final Map<ServiceKind<?>, Loading> loadings = new HashMap<>();

    /** Complete, the newest first. Guarded by {@code mutex}. */
    private final Deque<Made<?>> made = new ArrayDeque<>();

    /** From then on nothing is begun but what a loading under way asks for. Guarded by {@code mutex}. */
    private boolean closing;

    /** Whether somebody has taken {@code made} to close it: exactly one does. Guarded by {@code mutex}. */
    private boolean closeBegun;

    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    private record Made<S>(ServiceKind<S> kind, S service) {

        void close() throws Exception {
            kind.factory().close(service);
        }
    }

    /** @param onClosed runs when all are closed, before {@link #closed()} completes */
    UserServices(String user, CacheEngine engine, Runnable onClosed) {
        this.user = user;
        this.engine = engine;
        this.onClosed = onClosed;
        this.ready = new Object[engine.kinds().size()];
        this.seen = engine.epochs().current();
    }

    /** Returns the service if it is there. The fast path: takes no lock and allocates nothing. */
    @Nullable Object ready(ServiceKind<?> kind) {
        Epoch before = seen;
        Object service = readyAt(kind.index());
        return service == null || before == engine.epochs().current() ? service : readyAfterSeen(kind);
    }

    /** Not part of {@link #ready}, so that the compiler has less to inline there. */
    private @Nullable Object readyAfterSeen(ServiceKind<?> kind) {
        see();
        return readyAt(kind.index());
    }

    private @Nullable Object readyAt(int index) {
        return READY.getVolatile(ready, index);
    }

    private void see() {
        Epoch before = seen;
        Epoch now = engine.epochs().current();
        // INVARIANT: `now` was read after `before`, so that it is not the earlier one; if another caller was quicker,
        // it may be.
        while (before != now && !SEEN.compareAndSet(this, before, now)) {
            before = seen;
            now = engine.epochs().current();
        }
    }

    /** Returns when the user was seen last: not earlier than it was, and later by an epoch at most. */
    long lastSeenNanos() {
        return seen.lastNanos();
    }

    /** Returns the names of the services that a request would find, in order. Takes no lock. */
    List<String> names() {
        return engine.kinds().all().stream()
                .filter(kind -> readyAt(kind.index()) != null)
                .map(ServiceKind::name)
                .sorted()
                .toList();
    }

    int size() {
        mutex.lock();
        try {
            return made.size();
        } finally {
            mutex.unlock();
        }
    }

    /** Tells whether these services are closed, or will be. */
    boolean isClosing() {
        mutex.lock();
        try {
            return closing;
        } finally {
            mutex.unlock();
        }
    }

    /** Completes when all services are closed and the user's place is free again. */
    CompletableFuture<@Nullable Void> closed() {
        return closed;
    }

    /** Returns the service that is made or will be, or null if this user's services are being closed. */
    @Nullable CompletableFuture<Object> load(ServiceKind<?> kind) {
        Loading parent = madeByThisThread();
        if (parent != null) {
            return loadInside(parent, kind);
        }
        Loading loading;
        mutex.lock();
        try {
            if (closing) {
                return null;
            }
            Object service = readyAt(kind.index());
            if (service != null) {
                see();
                return CompletableFuture.completedFuture(service);
            }
            Loading underWay = loadings.get(kind);
            if (underWay != null) {
                return underWay.made;
            }
            loading = new Loading(kind);
            loadings.put(kind, loading);
        } finally {
            mutex.unlock();
        }
        try {
            engine.threads().loaders().execute(() -> run(loading));
        } catch (RejectedExecutionException e) {
            failUnlessStarted(loading, ServiceException.closed(key(kind)));
        } catch (Throwable e) { // No thread to be had.
            failUnlessStarted(loading, e);
        }
        return loading.made;
    }

    /** Returns what this thread is making at the moment, the innermost, or null. */
    private @Nullable Loading madeByThisThread() {
        mutex.lock();
        try {
            for (Loading loading : loadings.values()) {
                if (loading.maker == Thread.currentThread() && loading.waitsFor == null) {
                    return loading;
                }
            }
            return null;
        } finally {
            mutex.unlock();
        }
    }

    /** For a factory that asks the cache: as if it asked its context, for on another thread a circle would not be noticed. */
    private CompletableFuture<Object> loadInside(Loading parent, ServiceKind<?> kind) {
        try {
            return CompletableFuture.completedFuture(loadFor(parent, kind));
        } catch (ServiceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void failUnlessStarted(Loading loading, Throwable cause) {
        if (loading.started.compareAndSet(false, true)) {
            fail(loading, cause);
        }
    }

    /** Returns a service that {@code parent} asks for on its own thread: made right here, unless another thread is at it. */
    Object loadFor(Loading parent, ServiceKind<?> kind) {
        Loading loading;
        mutex.lock();
        try {
            if (loadings.get(parent.kind) != parent) {
                // Maybe all are closed, and nobody would close what is made now.
                throw new IllegalStateException("[MemFuse/ServiceContextOver] " + key(parent.kind)
                        + " is made already; ask its context for another service while it is made, and keep that");
            }
            for (Made<?> one : made) { // Not ready: that is empty when the services are about to be closed.
                if (one.kind().equals(kind)) {
                    return one.service();
                }
            }
            loading = loadings.computeIfAbsent(kind, Loading::new);
            refuseCycle(parent, loading);
            parent.waitsFor = loading;
        } finally {
            mutex.unlock();
        }
        try {
            run(loading);
            return await(loading.made, key(kind), engine.loadTimeout());
        } finally {
            mutex.lock();
            try {
                parent.waitsFor = null;
            } finally {
                mutex.unlock();
            }
        }
    }

    private void refuseCycle(Loading parent, Loading wanted) {
        List<String> path = new ArrayList<>(List.of(parent.kind.name()));
        for (Loading next = wanted; next != null; next = next.waitsFor) {
            path.add(next.kind.name());
            if (next == parent) {
                throw ServiceException.cycle(user, path);
            }
        }
    }

    /** Waits for a service; shared with the cache. */
    static Object await(CompletableFuture<Object> made, ServiceKey key, Duration timeout) {
        try {
            return Waiting.get(made, timeout);
        } catch (TimeoutException e) {
            throw ServiceException.timeout(key, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ServiceException.interrupted(key, e);
        } catch (ExecutionException e) {
            throw ServiceException.forCaller(key, Objects.requireNonNull(e.getCause()));
        }
    }

    private void run(Loading loading) {
        if (loading.started.compareAndSet(false, true)) {
            long start = engine.ticker().nanoTime();
            loading.maker = Thread.currentThread();
            try {
                make(loading, loading.kind);
            } catch (Throwable e) {
                fail(loading, e);
            } finally {
                loading.maker = null;
                engine.counters().loadNanos.add(engine.ticker().nanoTime() - start);
            }
        }
    }

    private <S> void make(Loading loading, ServiceKind<S> kind) throws Exception {
        S service = kind.factory().create(new LoadingContext(user, engine, this, loading));
        // A factory written without null checks may return null all the same.
        Objects.requireNonNull(
                service, () -> "the factory " + kind.factory().getClass().getName() + " returned null");
        engine.counters().loads.increment();
        boolean usable;
        mutex.lock();
        try {
            loadings.remove(kind);
            made.push(new Made<>(kind, service));
            usable = !closing;
            if (usable) {
                see(); // Whoever waited for it uses it now.
                READY.setVolatile(ready, kind.index(), service);
            }
        } finally {
            mutex.unlock();
        }
        if (usable) {
            loading.made.complete(service);
        } else {
            loading.made.completeExceptionally(ServiceException.closed(key(kind)));
            closeWhenNothingIsUnderWay();
        }
    }

    private void fail(Loading loading, Throwable cause) {
        engine.counters().failures.increment();
        mutex.lock();
        try {
            loadings.remove(loading.kind);
        } finally {
            mutex.unlock();
        }
        try {
            loading.made.completeExceptionally(ServiceException.failed(key(loading.kind), cause));
        } finally {
            closeWhenNothingIsUnderWay();
        }
    }

    /** Closes all services, after those under way are made. The second call does nothing. */
    CompletableFuture<@Nullable Void> close() {
        mutex.lock();
        try {
            if (closing) {
                return closed;
            }
            startClosing();
        } finally {
            mutex.unlock();
        }
        closeWhenNothingIsUnderWay();
        return closed;
    }

    /** As {@link #close}, and makes none of those that are not begun yet: nobody may be left to make them. */
    CompletableFuture<@Nullable Void> closeForGood() {
        close();
        List<Loading> notBegun;
        mutex.lock();
        try {
            notBegun = loadings.values().stream()
                    .filter(loading -> loading.started.compareAndSet(false, true))
                    .toList();
        } finally {
            mutex.unlock();
        }
        notBegun.forEach(
                loading -> engine.tellCallers(() -> fail(loading, ServiceException.closed(key(loading.kind)))));
        return closed;
    }

    /** Closes all services if the user was not seen since {@code nanos} and none is being made; tells whether it does. */
    boolean closeIfUnusedSince(long nanos) {
        mutex.lock();
        try {
            if (closing || !loadings.isEmpty() || lastSeenNanos() - nanos > 0) {
                return false;
            }
            startClosing();
            if (lastSeenNanos() - nanos > 0) {
                // Seen in this very moment: put all back.
                closing = false;
                made.forEach(one -> READY.setVolatile(ready, one.kind().index(), one.service()));
                return false;
            }
        } finally {
            mutex.unlock();
        }
        closeWhenNothingIsUnderWay();
        return true;
    }

    private void startClosing() {
        closing = true;
        for (int i = 0; i < ready.length; i++) {
            READY.setVolatile(ready, i, null);
        }
    }

    private void closeWhenNothingIsUnderWay() {
        boolean now;
        List<Made<?>> services;
        mutex.lock();
        try {
            now = closing && loadings.isEmpty() && !closeBegun;
            services = List.copyOf(made);
            if (now) {
                closeBegun = true;
                made.clear();
            }
        } finally {
            mutex.unlock();
        }
        if (now) {
            try {
                engine.threads().closers().execute(() -> closeAll(services));
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                closeAll(services); // The engine has ended, or has no thread to spare; what is not yet written must be
                // written all the same.
            }
        }
    }

    private void closeAll(List<Made<?>> services) {
        services.forEach(this::close);
        onClosed.run();
        closed.complete(null);
    }

    private void close(Made<?> service) {
        try {
            service.close();
        } catch (Throwable e) {
            try {
                LOG.warn("{}: closing failed", key(service.kind()), e);
            } catch (Throwable unprintable) { // The others are closed all the same.
                LOG.warn(
                        "{}: closing failed: {}",
                        key(service.kind()),
                        e.getClass().getName());
            }
        }
    }

    private ServiceKey key(ServiceKind<?> kind) {
        return new ServiceKey(user, kind.name());
    }
}
