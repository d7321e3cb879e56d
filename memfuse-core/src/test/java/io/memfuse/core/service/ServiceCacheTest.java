package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.service.ServiceException.Code;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceCacheTest {

    // Three services as an application has them: each a type of its own, with the user it was made for.
    private record Storage(String user) {}

    private record Buffer(String user, Storage storage) {}

    private record Memory(String user, Buffer buffer) {}

    /** What a factory does to make a service. */
    @FunctionalInterface
    private interface Maker<S> {
        S make(ServiceContext context) throws Exception;
    }

    private static final class Factory<S> implements ServiceFactory<S> {

        private final String name;
        private final Class<S> type;
        private final Maker<S> maker;
        private final List<String> closed;
        private volatile Closer closer = () -> {};

        @FunctionalInterface
        private interface Closer {
            void close() throws Exception;
        }

        Factory(String name, Class<S> type, List<String> closed, Maker<S> maker) {
            this.name = name;
            this.type = type;
            this.closed = closed;
            this.maker = maker;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Class<S> type() {
            return type;
        }

        @Override
        public S create(ServiceContext context) throws Exception {
            return maker.make(context);
        }

        @Override
        public void close(S service) throws Exception {
            closer.close();
            closed.add(name);
        }
    }

    private final ManualTime time = new ManualTime();
    private final EngineThreads threads = TestThreads.with(time);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final AtomicInteger made = new AtomicInteger();

    private final Factory<Storage> storage = new Factory<>("storage", Storage.class, closed, context -> {
        made.incrementAndGet();
        return new Storage(context.user());
    });
    private final Factory<Buffer> buffer = new Factory<>(
            "buffer", Buffer.class, closed, context -> new Buffer(context.user(), context.service(Storage.class)));
    private final Factory<Memory> memory = new Factory<>(
            "memory", Memory.class, closed, context -> new Memory(context.user(), context.service(Buffer.class)));

    private final ServiceCache cache =
            builder().factory(storage).factory(buffer).factory(memory).build();

    private ServiceCache.Builder builder() {
        return ServiceCache.builder()
                .threads(threads)
                .ticker(time)
                .maxUsers(20)
                .evictionGrace(Duration.ofSeconds(30))
                .loadTimeout(Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        cache.close(Duration.ofSeconds(5));
        threads.close();
    }

    private EngineThreads withExecutors(ExecutorService callbacks, ExecutorService loaders) {
        return new EngineThreads(
                threads.scheduler(), callbacks, threads.openers(), threads.workers(), threads.closers(), loaders);
    }

    /** Has more to do already than it will ever do. */
    private static final class NeverRunning extends ThreadPoolExecutor {

        NeverRunning() {
            super(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }

        @Override
        public void execute(Runnable command) {
            // Left for ever.
        }
    }

    /** Gets no thread from the machine. */
    private static final class Exhausted extends ThreadPoolExecutor {

        Exhausted() {
            super(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }

        @Override
        public void execute(Runnable command) {
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    @Nested
    class Getting {

        @Test
        void makesAServiceOnceAndKeepsIt() {
            Storage first = cache.get("alice", Storage.class);
            assertThat(cache.get("alice", Storage.class)).isSameAs(first);
            assertThat(cache.get("bob", Storage.class)).isEqualTo(new Storage("bob"));
            assertThat(cache.stats().hits()).isEqualTo(1);
            assertThat(cache.stats().misses()).isEqualTo(2);
            assertThat(cache.stats().loads()).isEqualTo(2);
            assertThat(cache.stats().hitRate()).isEqualTo(1.0 / 3);
            assertThat(cache.stats().users()).isEqualTo(2);
        }

        @Test
        void findsAServiceWithoutALookAtTheClock() {
            var readings = new AtomicInteger();
            ServiceCache timed = builder()
                    .ticker(() -> {
                        readings.incrementAndGet();
                        return time.nanoTime();
                    })
                    .factory(storage)
                    .build();
            timed.get("alice", Storage.class);
            time.advance(Duration.ofSeconds(1));
            int before = readings.get();
            for (int i = 0; i < 100; i++) {
                timed.get("alice", Storage.class);
            }
            assertThat(readings).hasValue(before);
            timed.close();
        }

        @Test
        void makesOneForAnyNumberOfCallers() throws Exception {
            var go = new CountDownLatch(1);
            ServiceCache slow = builder()
                    .factory(new Factory<>("storage", Storage.class, closed, context -> {
                        made.incrementAndGet();
                        go.await();
                        return new Storage(context.user());
                    }))
                    .build();
            List<Future<Storage>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(callers.submit(() -> slow.get("alice", Storage.class)));
            }
            await().until(() -> slow.stats().misses() == 50);
            go.countDown();
            for (Future<Storage> one : all) {
                assertThat(one.get()).isSameAs(all.get(0).get());
            }
            assertThat(made).hasValue(1);
            slow.close();
        }

        @Test
        void completesAStageForCallersThatMustNotBlock() {
            assertThat(cache.getAsync("alice", Memory.class))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isSameAs(cache.get("alice", Memory.class));
            assertThat(cache.getAsync("alice", Memory.class)).isCompleted();
        }

        @Test
        void loadsByName() {
            assertThat(cache.load(new ServiceKey("alice", "memory")))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isSameAs(cache.get("alice", Memory.class));
        }

        @Test
        void namesTheKnownServicesWhenOneIsUnknown() {
            assertThatThrownBy(() -> cache.load(new ServiceKey("alice", "memroy")))
                    .isInstanceOf(ServiceException.class)
                    .hasMessageContaining("no factory makes the service 'memroy'; known: buffer, memory, storage");
            assertThatThrownBy(() -> cache.get("alice", String.class))
                    .hasMessageContaining("no factory makes the service 'java.lang.String'");
        }

        @Test
        void refusesAnEmptyUser() {
            assertThatThrownBy(() -> cache.get(" ", Storage.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("user is empty");
        }

        @Test
        void givesUpAtTheDeadlineThoughThereIsNoThreadToSayItOn() {
            ServiceCache exhausted = builder()
                    .threads(withExecutors(new Exhausted(), new NeverRunning()))
                    .factory(storage)
                    .build();
            CompletableFuture<Storage> async =
                    exhausted.getAsync("alice", Storage.class).toCompletableFuture();
            time.advance(Duration.ofSeconds(20));
            assertThat(async).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("still being made");
            exhausted.close();
        }

        @Test
        void givesUpAtTheDeadlineAndTheMakingGoesOn() throws Exception {
            var go = new CountDownLatch(1);
            ServiceCache slow = builder()
                    .loadTimeout(Duration.ofMillis(20))
                    .factory(new Factory<>("storage", Storage.class, closed, context -> {
                        go.await();
                        return new Storage(context.user());
                    }))
                    .build();
            assertThatThrownBy(() -> slow.get("alice", Storage.class))
                    .isInstanceOfSatisfying(
                            ServiceException.class,
                            failure -> assertThat(failure.code()).isEqualTo(Code.TIMEOUT))
                    .hasMessageContaining("storage of alice was still being made after 20 ms");
            CompletableFuture<Storage> async =
                    slow.getAsync("alice", Storage.class).toCompletableFuture();
            time.advance(Duration.ofMillis(20));
            assertThat(async)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("still being made");
            go.countDown();
            await().until(() -> slow.stats().loads() == 1);
            assertThat(slow.get("alice", Storage.class)).isEqualTo(new Storage("alice"));
            slow.close();
        }
    }

    @Nested
    class Failing {

        private final AtomicInteger attempts = new AtomicInteger();

        private final ServiceCache failing = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IOException("no route to host");
                    }
                    return new Storage(context.user());
                }))
                .factory(buffer)
                .build();

        @AfterEach
        void close() {
            failing.close();
        }

        @Test
        void saysWhichServiceOfWhichUserAndWhy() {
            assertThatThrownBy(() -> failing.get("alice", Storage.class))
                    .isInstanceOfSatisfying(ServiceException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(Code.FAILED);
                        assertThat(failure.retryable()).isTrue();
                    })
                    .hasMessage("[MemFuse/ServiceFailed] storage of alice could not be made: no route to host")
                    .hasRootCauseInstanceOf(IOException.class);
            assertThat(failing.stats().failures()).isEqualTo(1);
        }

        @Test
        void isTriedAgainByTheNextCaller() {
            assertThatThrownBy(() -> failing.get("alice", Storage.class)).isInstanceOf(ServiceException.class);
            assertThat(failing.get("alice", Storage.class)).isEqualTo(new Storage("alice"));
        }

        @Test
        void takesWhatDependsOnItAlong() {
            assertThatThrownBy(() -> failing.get("alice", Buffer.class))
                    .hasMessageContaining("buffer of alice could not be made")
                    .hasMessageContaining("storage of alice could not be made: no route to host");
            assertThat(failing.get("alice", Buffer.class).storage()).isEqualTo(new Storage("alice"));
        }

        @Test
        void refusesAFactoryThatReturnsNull() {
            @SuppressWarnings("NullAway") // what a factory without null checks may do
            Maker<Storage> none = context -> null;
            ServiceCache broken = builder()
                    .factory(new Factory<>("storage", Storage.class, closed, none))
                    .build();
            assertThatThrownBy(() -> broken.get("alice", Storage.class)).hasMessageContaining("returned null");
        }
    }

    @Nested
    class Depending {

        @Test
        void givesAServiceTheOthersOfTheSameUser() {
            Memory made = cache.get("alice", Memory.class);
            assertThat(made.buffer()).isSameAs(cache.get("alice", Buffer.class));
            assertThat(made.buffer().storage()).isSameAs(cache.get("alice", Storage.class));
        }

        @Test
        void closesEachServiceBeforeWhatItDependsOn() {
            cache.get("alice", Storage.class);
            cache.get("alice", Memory.class);
            cache.close();
            assertThat(closed).containsExactly("memory", "buffer", "storage");
        }

        @Test
        void namesACircleInsteadOfWaitingForEver() {
            ServiceCache circular = builder()
                    .factory(new Factory<>("storage", Storage.class, closed, context -> {
                        context.service(Memory.class);
                        return new Storage(context.user());
                    }))
                    .factory(buffer)
                    .factory(memory)
                    .build();
            assertThatThrownBy(() -> circular.get("alice", Memory.class))
                    .isInstanceOfSatisfying(ServiceException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(Code.CYCLE);
                        assertThat(failure.retryable()).isFalse();
                    })
                    .hasMessageContaining("storage -> memory -> buffer -> storage");
        }

        @Test
        void namesAServiceThatAsksForItself() {
            ServiceCache selfish = builder()
                    .factory(new Factory<>("storage", Storage.class, closed, context -> context.service(Storage.class)))
                    .build();
            assertThatThrownBy(() -> selfish.get("alice", Storage.class)).hasMessageContaining("storage -> storage");
        }

        @Test
        void findsACircleThatCloseOnTwoThreads() throws Exception {
            var bothStarted = new CountDownLatch(2);
            ServiceCache circular = builder()
                    .factory(new Factory<>("storage", Storage.class, closed, context -> {
                        bothStarted.countDown();
                        bothStarted.await();
                        context.service(Buffer.class);
                        return new Storage(context.user());
                    }))
                    .factory(new Factory<>("buffer", Buffer.class, closed, context -> {
                        bothStarted.countDown();
                        bothStarted.await();
                        return new Buffer(context.user(), context.service(Storage.class));
                    }))
                    .build();
            Future<Throwable> one = callers.submit(() -> catchThrowable(() -> circular.get("alice", Storage.class)));
            Future<Throwable> other = callers.submit(() -> catchThrowable(() -> circular.get("alice", Buffer.class)));
            assertThat(List.of(one.get(10, TimeUnit.SECONDS), other.get(10, TimeUnit.SECONDS)))
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(ServiceException.class)
                            .hasMessageContaining("in a circle"));
        }

        @Test
        void refusesTwoFactoriesOfOneName() {
            assertThatThrownBy(() -> builder().factory(storage).factory(storage).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two service factories are named 'storage'");
        }
    }

    @Nested
    class Evicting {

        @Test
        void closesTheUsersSeenLeastRecentlyWhenThereAreTooMany() {
            for (int i = 0; i < 20; i++) {
                cache.get("user" + i, Storage.class);
                time.advance(Duration.ofSeconds(10));
            }
            cache.get("user0", Storage.class);
            cache.get("one too many", Storage.class);
            await().until(() -> cache.stats().users() == 19);
            assertThat(cache.stats().evictions()).isEqualTo(2);
            int before = made.get();
            cache.get("user0", Storage.class);
            cache.get("user19", Storage.class);
            assertThat(made).as("seen recently, so still there").hasValue(before);
            cache.get("user1", Storage.class);
            assertThat(made).as("closed, so made again").hasValue(before + 1);
        }

        @Test
        void ratherExceedsTheBoundThanCloseAServiceInUse() {
            for (int i = 0; i < 25; i++) {
                cache.get("user" + i, Storage.class);
            }
            assertThat(cache.stats().users()).isEqualTo(25);
            assertThat(closed).isEmpty();
        }

        @Test
        void neverClosesForRoomWhoIsSeenWithinTheGraceHoweverCloseTheRace() throws Exception {
            Duration grace = Duration.ofSeconds(1);
            ServiceCache full =
                    builder().maxUsers(1).evictionGrace(grace).factory(storage).build();
            Storage first = full.get("alice", Storage.class);
            var seen = new AtomicInteger();
            Future<?> alice = callers.submit(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    assertThat(full.get("alice", Storage.class)).isSameAs(first);
                    seen.incrementAndGet();
                }
            });
            for (int i = 0; i < 2_000; i++) {
                int before = seen.get();
                await().pollInSameThread()
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofNanos(1_000))
                        .until(() -> alice.isDone() || seen.get() - before >= 2);
                time.advance(grace.minusMillis(200)); // Less than the grace by more than an epoch.
                full.get("user" + i, Storage.class);
            }
            callers.shutdownNow();
            alice.get(10, TimeUnit.SECONDS);
            assertThat(full.stats().evictions()).isPositive();
            full.close();
        }

        @Test
        void endsItsTimerWhenItIsClosed() {
            cache.close();
            assertThat(time.scheduled()).isZero();
        }

        @Test
        void makesNewServicesAfterTheOldOnesAreClosed() throws Exception {
            var go = new CountDownLatch(1);
            storage.closer = go::await;
            Storage old = cache.get("alice", Storage.class);
            CompletableFuture<?> evicted = cache.evict("alice").toCompletableFuture();
            Future<Storage> next = callers.submit(() -> cache.get("alice", Storage.class));
            await().until(() -> cache.stats().misses() == 2);
            assertThat(made).as("not before the old one is closed").hasValue(1);
            go.countDown();
            assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo(old).isNotSameAs(old);
            assertThat(evicted).succeedsWithin(Duration.ofSeconds(10));
        }

        @Test
        void waitsForAServiceThatIsBeingMadeAndGivesItsCallerANewOne() throws Exception {
            var started = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            ServiceCache slow = builder()
                    .factory(new Factory<>("storage", Storage.class, closed, context -> {
                        if (made.incrementAndGet() == 1) {
                            started.countDown();
                            go.await();
                        }
                        return new Storage(context.user());
                    }))
                    .build();
            Future<Storage> caller = callers.submit(() -> slow.get("alice", Storage.class));
            started.await();
            CompletableFuture<?> evicted = slow.evict("alice").toCompletableFuture();
            assertThat(evicted).isNotDone();
            go.countDown();
            assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo(new Storage("alice"));
            assertThat(made).hasValue(2);
            assertThat(closed).containsExactly("storage");
            slow.close();
        }

        @Test
        void isNotOverBeforeTheLastServiceIsClosed() throws Exception {
            var bothStarted = new CountDownLatch(2);
            var make = new CountDownLatch(1);
            var close = new CountDownLatch(1);
            var slowStorage = new Factory<>("storage", Storage.class, closed, context -> {
                bothStarted.countDown();
                make.await();
                return new Storage(context.user());
            });
            var slowBuffer = new Factory<>("buffer", Buffer.class, closed, context -> {
                bothStarted.countDown();
                make.await();
                return new Buffer(context.user(), new Storage(context.user()));
            });
            slowStorage.closer = close::await;
            slowBuffer.closer = close::await;
            ServiceCache slow =
                    builder().factory(slowStorage).factory(slowBuffer).build();
            slow.load(new ServiceKey("alice", "storage"));
            slow.load(new ServiceKey("alice", "buffer"));
            bothStarted.await();
            CompletableFuture<?> evicted = slow.evict("alice").toCompletableFuture();
            make.countDown();
            await().until(() -> slow.stats().loads() == 2);
            assertThat(evicted).isNotDone();
            close.countDown();
            assertThat(evicted).succeedsWithin(Duration.ofSeconds(10));
            assertThat(closed).containsExactlyInAnyOrder("storage", "buffer");
            slow.close();
        }

        @Test
        void refusesAGraceTooShortToTellUsesApart() {
            assertThatThrownBy(() -> builder().evictionGrace(Duration.ofMillis(50)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("accepted: 1 second to 365 days");
        }

        @Test
        void doesNothingForAnUnknownUser() {
            assertThat(cache.evict("nobody")).isCompleted();
        }
    }

    @Nested
    class Closing {

        @Test
        void refusesEveryoneAfterwards() {
            cache.get("alice", Storage.class);
            assertThat(cache.close(Duration.ofSeconds(5))).isTrue();
            assertThatThrownBy(() -> cache.get("alice", Storage.class))
                    .isInstanceOfSatisfying(
                            ServiceException.class,
                            failure -> assertThat(failure.code()).isEqualTo(Code.CLOSED))
                    .hasMessageContaining("after MemFuse was shut down");
            assertThat(cache.stats().users()).isZero();
        }

        @Test
        void closesTheOthersWhenOneFailsToClose() {
            buffer.closer = () -> {
                throw new IOException("could not flush");
            };
            cache.get("alice", Memory.class);
            cache.close();
            assertThat(closed).containsExactly("memory", "storage");
        }

        @Test
        void returnsAtTheDeadlineWhenOneHangs() {
            var go = new CountDownLatch(1);
            storage.closer = go::await;
            cache.get("alice", Storage.class);
            assertThat(cache.close(Duration.ZERO)).isFalse();
            go.countDown();
        }

        /** As when all threads of a JDK without virtual ones are at work. */
        @Test
        void failsWhatHasNotBegun() {
            ServiceCache busy = builder()
                    .threads(withExecutors(threads.callbacks(), new NeverRunning()))
                    .factory(storage)
                    .build();
            CompletableFuture<Storage> queued =
                    busy.getAsync("alice", Storage.class).toCompletableFuture();
            assertThat(busy.close(Duration.ofSeconds(5))).isTrue();
            assertThat(queued)
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withMessageContaining("after MemFuse was shut down");
            assertThat(made).hasValue(0);
        }

        @Test
        void failsWhatHasNotBegunThoughItsUserIsBeingEvicted() {
            ServiceCache busy = builder()
                    .threads(withExecutors(threads.callbacks(), new NeverRunning()))
                    .factory(storage)
                    .build();
            CompletableFuture<Storage> queued =
                    busy.getAsync("alice", Storage.class).toCompletableFuture();
            busy.evict("alice");
            assertThat(busy.close(Duration.ofSeconds(5))).isTrue();
            assertThat(queued).isCompletedExceptionally();
        }

        @Test
        void closesWhatIsMadeTooLate() throws Exception {
            var started = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            ServiceCache slow = builder()
                    .factory(new Factory<>("storage", Storage.class, closed, context -> {
                        started.countDown();
                        go.await();
                        return new Storage(context.user());
                    }))
                    .build();
            Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> slow.get("alice", Storage.class)));
            started.await();
            assertThat(slow.close(Duration.ZERO)).isFalse();
            go.countDown();
            assertThat(caller.get(10, TimeUnit.SECONDS)).isInstanceOf(ServiceException.class);
            await().until(() -> closed.equals(List.of("storage")));
        }
    }

    @Test
    void asksForTheResourcesOfTheUser() {
        ServiceCache resourceful = builder()
                .resources(new ServiceResources() {
                    @Override
                    public <R> R resource(String user, Class<R> type) {
                        return type.cast("database of " + user);
                    }
                })
                .factory(new Factory<>(
                        "storage", Storage.class, closed, context -> new Storage(context.resource(String.class))))
                .build();
        assertThat(resourceful.get("alice", Storage.class).user()).isEqualTo("database of alice");
        assertThatThrownBy(() -> builder()
                        .factory(new Factory<>(
                                "storage",
                                Storage.class,
                                closed,
                                context -> new Storage(context.resource(String.class))))
                        .build()
                        .get("alice", Storage.class))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(Code.NO_RESOURCE));
    }

    @Test
    void endsTheThreadsItMade() {
        ServiceCache own = ServiceCache.builder().factory(storage).build();
        own.get("alice", Storage.class);
        own.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("memfuse-")));
    }
}
