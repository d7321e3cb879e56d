package io.memfuse.core.service;

import io.memfuse.core.testing.Campaign;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Requests for a service that was not used for long and its eviction from several threads, under the interleavings that Lincheck
 * tries: what is given to somebody is not evicted, and what is evicted is given to nobody. The system property
 * {@code memfuse.campaign} tries many more.
 */
class UserServicesLincheckTest {

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(1)
                .actorsBefore(0)
                .actorsAfter(1)
                .iterations(Campaign.iterations(2, 100))
                .invocationsPerIteration(Campaign.invocations(2_000, 50_000))
                .sequentialSpecification(Specification.class)
                .check(Operations.class);
    }

    public static class Operations {

        private static final Duration GRACE = Duration.ofSeconds(10);

        private final ManualTime time = new ManualTime();
        private final EngineThreads threads = TestThreads.onCaller(time);
        private final ServiceKinds kinds = new ServiceKinds(List.of(new Factory()), Map.of());
        private final ServiceKind<String> kind = kinds.of(String.class);
        private final Epochs epochs = new Epochs(time);
        private final UserServices services;
        private final long unusedSinceNanos;

        public Operations() {
            epochs.start(threads, GRACE);
            services = new UserServices(
                    "alice",
                    new CacheEngine(
                            kinds, Operations::noResources, threads, time, epochs, GRACE, new CacheEngine.Counters()),
                    () -> {});
            services.load(kind);
            time.advance(GRACE.multipliedBy(2));
            unusedSinceNanos = time.nanoTime() - GRACE.toNanos();
        }

        private static <R> R noResources(String user, Class<R> type) {
            throw new AssertionError("asks for none");
        }

        /** Returns whether there is a service, as a request finds out: at first without a lock. */
        @Operation
        public boolean use() {
            return services.ready(kind) != null || services.load(kind) != null;
        }

        @Operation
        public boolean evict() {
            return services.closeIfUnusedSince(unusedSinceNanos);
        }
    }

    private static final class Factory implements ServiceFactory<String> {

        @Override
        public String name() {
            return "storage";
        }

        @Override
        public Class<String> type() {
            return String.class;
        }

        @Override
        public String create(ServiceContext context) {
            return "storage of " + context.user();
        }

        @Override
        public void close(String service) {
            // Nothing to close.
        }
    }

    /** What each may return if one happens after the other. */
    public static class Specification {

        private boolean used;
        private boolean evicted;

        public boolean use() {
            used |= !evicted;
            return !evicted;
        }

        public boolean evict() {
            boolean now = !used && !evicted;
            evicted |= now;
            return now;
        }
    }
}
