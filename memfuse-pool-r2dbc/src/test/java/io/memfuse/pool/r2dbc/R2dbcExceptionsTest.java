package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import io.r2dbc.spi.R2dbcTransientException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which failures a library that tries again may try again. */
class R2dbcExceptionsTest {

    private static final PoolKey<ConnectionFactory> KEY =
            PoolKey.of(PoolSpec.builder("r2dbc", "orders").build(), ConnectionFactory.class);

    private static PoolOpenException failure(FailureKind kind) {
        return PoolOpenException.attemptFailed(KEY, kind, "on purpose", Duration.ZERO, null);
    }

    @Test
    void aRefusedPasswordIsNothingToTryAgain() {
        assertThat(R2dbcExceptions.of(failure(FailureKind.BAD_CREDENTIALS)))
                .isInstanceOf(R2dbcPermissionDeniedException.class);
    }

    @Test
    void aHostThatCannotBeReachedIs() {
        assertThat(R2dbcExceptions.of(failure(FailureKind.UNREACHABLE))).isInstanceOf(R2dbcTransientException.class);
    }
}
