package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.Endpoint;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is looked up before a login. */
@Timeout(60)
class HostLookUpsTest {

    private static final Duration ANSWER = Duration.ofSeconds(30);

    @Test
    void addressesNeedNone() {
        assertThat(HostLookUps.of(new Endpoint("127.0.0.1", 5432)).blockOptional())
                .isEmpty();
        assertThat(HostLookUps.of(new Endpoint("::1", 5432)).blockOptional()).isEmpty();
    }

    @Test
    void aNameThatIsKnownCompletesTheSecondTimeToo() {
        assertThat(HostLookUps.of(new Endpoint("localhost", 5432)).blockOptional(ANSWER))
                .isEmpty();
        assertThat(HostLookUps.of(new Endpoint("localhost", 5432)).blockOptional(ANSWER))
                .isEmpty();
    }

    @Test
    void aNameThatIsNotKnownFails() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> HostLookUps.of(new Endpoint("there.is.none.invalid", 5432))
                            .block(ANSWER))
                    .hasCauseInstanceOf(UnknownHostException.class);
        }
    }
}
