package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SecretTest {

    private final AtomicInteger asked = new AtomicInteger();

    private Secret renewable(String now) {
        return Secret.renewable("old", () -> {
            asked.incrementAndGet();
            return Optional.of(now);
        });
    }

    @Test
    void isAnotherOneAfterItWasRefusedAndItsSourceHasAnother() {
        Secret secret = renewable("new");

        assertThat(secret.renew("old")).isTrue();
        assertThat(secret.reveal()).isEqualTo("new");
    }

    @Test
    void isTheSameIfItsSourceHasNoOther() {
        assertThat(renewable("old").renew("old")).isFalse();
        assertThat(Secret.renewable("old", Optional::empty).renew("old")).isFalse();
        assertThat(Secret.of("old").renew("old")).isFalse();
    }

    @Test
    void asksOnceForAllWhoWereRefused() {
        Secret secret = renewable("new");

        assertThat(secret.renew("old")).isTrue();
        assertThat(secret.renew("old")).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void survivesASourceThatFails() {
        Secret secret = Secret.renewable("old", () -> {
            throw new IllegalStateException("the vault is closed");
        });

        assertThat(secret.renew("old")).isFalse();
        assertThat(secret.reveal()).isEqualTo("old");
    }

    @Test
    void isComparedByItsTextAndNotShown() {
        assertThat(renewable("new")).isEqualTo(Secret.of("old")).hasToString("[secret]");
    }
}
