package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.service.ServiceException.Code;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service that cannot be made: who is told what. */
@Timeout(60)
class FailingServicesTest extends ServiceCacheFixture {

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
    void closeFailing() {
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
