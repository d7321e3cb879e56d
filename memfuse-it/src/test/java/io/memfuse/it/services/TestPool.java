package io.memfuse.it.services;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.it.TestDatabase;
import java.time.Duration;

/** A small pool on a test database, such as the services get one from the platform. */
final class TestPool {

    private TestPool() {}

    static HikariDataSource open(TestDatabase database, int maxSize) {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://" + database.server().host() + ":"
                + database.server().port() + "/" + database.name());
        config.setUsername(database.server().user());
        config.setPassword(database.server().password());
        config.setMaximumPoolSize(maxSize);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
        return new HikariDataSource(config);
    }
}
