package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is refused by a route as it is followed no more asks the next one, if time is left. */
class MovableRouteTest {

    private static final PoolKey<Resource> FORMER = PoolKey.of(FakePoolProvider.spec("former"), Resource.class);
    private static final PoolKey<Resource> NEXT = PoolKey.of(FakePoolProvider.spec("next"), Resource.class);

    private final Resource resource = () -> 2;
    private final MovableRoute<Resource> route = new MovableRoute<>(new Refusing(PoolClosedException.removed(FORMER)));

    /** Refuses everybody, and is left as it does if {@code next} is there. */
    private final class Refusing implements PoolRoute<Resource> {

        private final PoolException refusal;

        Refusing(PoolException refusal) {
            this.refusal = refusal;
        }

        @Override
        public PoolKey<Resource> key() {
            return FORMER;
        }

        @Override
        public Resource current() {
            leave();
            throw refusal;
        }

        @Override
        public CompletionStage<Resource> whenOpen() {
            leave();
            return CompletableFuture.failedFuture(refusal);
        }

        private void leave() {
            PoolRoute<Resource> to = next;
            if (to != null) {
                route.follow(to);
            }
        }
    }

    private @Nullable PoolRoute<Resource> next;

    private void moveTo(PoolRoute<Resource> to) {
        next = to;
    }

    private PoolRoute<Resource> open() {
        return new PoolRoute<>() {
            @Override
            public PoolKey<Resource> key() {
                return NEXT;
            }

            @Override
            public Resource current() {
                return resource;
            }

            @Override
            public Resource ifOpen() {
                return resource;
            }

            @Override
            public CompletionStage<Resource> whenOpen() {
                return CompletableFuture.completedFuture(resource);
            }
        };
    }

    /** As whoever looks at the stage itself sees it. */
    private static Throwable failureOf(CompletionStage<?> stage) {
        var seen = new AtomicReference<Throwable>();
        stage.whenComplete((found, failure) -> seen.set(failure));
        return Objects.requireNonNull(seen.get(), "it has not failed");
    }

    static PoolException[] ends() {
        return new PoolException[] {
            PoolTimeoutException.stillOpening(FORMER, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            new PoolInterruptedException(FORMER, Duration.ofSeconds(1), new InterruptedException())
        };
    }

    @Test
    void whoIsRefusedAsItMovesIsGivenTheNextOne() {
        moveTo(open());
        assertThat(route.current()).isSameAs(resource);
        assertThat(route.key()).isEqualTo(NEXT);
        assertThat(route.ifOpen()).isSameAs(resource);
    }

    @Test
    void whoDoesNotBlockIsGivenTheNextOneToo() {
        moveTo(open());
        assertThat(route.whenOpen().toCompletableFuture()).isCompletedWithValue(resource);
    }

    @Test
    void whoIsRefusedByTheOneThatIsFollowedIsRefused() {
        assertThatThrownBy(route::current).isInstanceOf(PoolClosedException.class);
        assertThat(failureOf(route.whenOpen())).isInstanceOf(PoolClosedException.class);
        assertThat(route.ifOpen()).isNull();
        assertThat(route.key()).isEqualTo(FORMER);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void whoHasNoTimeLeftAsksNoOther(PoolException end) {
        route.follow(new Refusing(end));
        moveTo(open());
        assertThatThrownBy(route::current).isSameAs(end);
        route.follow(new Refusing(end));
        assertThat(failureOf(route.whenOpen())).isSameAs(end);
    }

    @Test
    void whoIsRefusedByTheNextOneTooIsRefusedByThat() {
        PoolException last = PoolClosedException.registryClosed(NEXT);
        var refusing = new Refusing(last);
        moveTo(refusing);
        assertThatThrownBy(route::current).isSameAs(last);
        assertThat(failureOf(route.whenOpen())).isSameAs(last);
    }
}
