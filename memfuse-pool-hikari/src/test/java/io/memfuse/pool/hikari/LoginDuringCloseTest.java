package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.RecordingListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That a login fails which closing has interrupted says nothing of the database, and is held against nobody. */
class LoginDuringCloseTest {

    private Runnable duringLogin = () -> {};

    private Connection login() throws SQLException {
        duringLogin.run();
        throw new SQLException("refused on purpose");
    }

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final RecordingListener listener = new RecordingListener();
    private final PoolContext context = new PoolContext(
            PoolKey.of(PoolSpec.builder(HikariPoolProvider.NAME, "orders").build(), DataSource.class),
            listener,
            scheduler,
            Runnable::run,
            System::nanoTime);
    private final Connector connector = new Connector(
            (LoginsOnly) this::login, context, new PoolMembers(context), PoolLimits.DEFAULTS.timeout(), 0);

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void isTheDatabasesWhileThePoolIsOpen() {
        assertThatThrownBy(connector::connect).isInstanceOf(SQLException.class);

        assertThat(listener.events()).containsExactly("connectFailed");
        assertThat(connector.lastFailure()).isNotNull();
    }

    @Test
    void isNobodysOnceItCloses() {
        duringLogin = connector::close;

        assertThatThrownBy(connector::connect).isInstanceOf(SQLException.class);

        assertThat(listener.events()).isEmpty();
        assertThat(connector.lastFailure()).isNull();
    }
}
