package io.memfuse.bench.peer;

import com.mchange.v2.c3p0.DataSources;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.memfuse.bench.stub.StubDataSource;
import io.memfuse.cli.embedded.EmbeddedPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.DataSourceConnectionFactory;
import org.apache.commons.dbcp2.PoolableConnection;
import org.apache.commons.dbcp2.PoolableConnectionFactory;
import org.apache.commons.dbcp2.PoolingDataSource;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.tomcat.jdbc.pool.PoolProperties;
import org.vibur.dbcp.ViburDBCPDataSource;

/** Opens pools of the peers by name. */
public final class Peers {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Peers() {}

    /**
     * Opens a pool; it fills itself to {@code min} as it does by itself, some before this returns and some after.
     *
     * @throws IllegalArgumentException if no peer has that name
     */
    public static OpenPool open(String peer, Database database, int min, int max) throws SQLException {
        return switch (peer) {
            case "hikari" -> hikari(database, min, max);
            case "agroal" -> agroal(database, min, max);
            case "vibur" -> vibur(database, min, max);
            case "tomcat" -> tomcat(database, min, max);
            case "dbcp2" -> dbcp2(database, min, max);
            case "c3p0" -> c3p0(database, min, max);
            default -> throw new IllegalArgumentException("no peer '" + peer + "'");
        };
    }

    private static OpenPool hikari(Database database, int min, int max) {
        var pool = new HikariDataSource(hikariConfig(database, min, max));
        return new OpenPool(pool, pool::close);
    }

    /** Returns the configuration of a bare HikariCP pool. */
    public static HikariConfig hikariConfig(Database database, int min, int max) {
        var config = new HikariConfig();
        config.setDataSource(database.driver());
        config.setMinimumIdle(min);
        config.setMaximumPoolSize(max);
        config.setConnectionTimeout(TIMEOUT.toMillis());
        return config;
    }

    private static OpenPool agroal(Database database, int min, int max) throws SQLException {
        AgroalDataSource pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(settings -> settings.initialSize(min)
                        .minSize(min)
                        .maxSize(max)
                        .acquisitionTimeout(TIMEOUT)
                        .connectionFactoryConfiguration(factory -> agroalDriver(factory, database))));
        return new OpenPool(pool, pool::close);
    }

    private static AgroalConnectionFactoryConfigurationSupplier agroalDriver(
            AgroalConnectionFactoryConfigurationSupplier factory, Database database) {
        return database.isStub()
                ? factory.connectionProviderClass(StubDataSource.class)
                : factory.connectionProviderClass(org.postgresql.Driver.class)
                        .jdbcUrl(database.url())
                        .principal(new NamePrincipal(EmbeddedPostgres.USER))
                        .credential(new SimplePassword(EmbeddedPostgres.PASSWORD));
    }

    private static OpenPool vibur(Database database, int min, int max) {
        var pool = new ViburDBCPDataSource();
        pool.setExternalDataSource(database.driver());
        pool.setPoolInitialSize(min);
        pool.setPoolMaxSize(max);
        pool.setConnectionTimeoutInMs(TIMEOUT.toMillis());
        pool.start();
        return new OpenPool(pool, pool::terminate);
    }

    private static OpenPool tomcat(Database database, int min, int max) throws SQLException {
        var settings = new PoolProperties();
        settings.setDataSource(database.driver());
        settings.setInitialSize(min);
        settings.setMinIdle(min);
        settings.setMaxIdle(max);
        settings.setMaxActive(max);
        settings.setMaxWait(Math.toIntExact(TIMEOUT.toMillis()));
        var pool = new org.apache.tomcat.jdbc.pool.DataSource(settings);
        pool.createPool();
        return new OpenPool(pool, pool::close);
    }

    private static OpenPool dbcp2(Database database, int min, int max) throws SQLException {
        var factory = new PoolableConnectionFactory(new DataSourceConnectionFactory(database.driver()), null);
        // Its default validates each connection by a query or by isValid; the others here do not.
        var objects = new GenericObjectPool<PoolableConnection>(factory);
        objects.setTestOnBorrow(false);
        objects.setMinIdle(min);
        objects.setMaxIdle(max);
        objects.setMaxTotal(max);
        objects.setMaxWait(TIMEOUT);
        factory.setPool(objects);
        try {
            objects.preparePool();
        } catch (Exception e) {
            throw new SQLException("DBCP2 could not fill its pool", e);
        }
        var pool = new PoolingDataSource<>(objects);
        return new OpenPool(pool, pool::close);
    }

    private static OpenPool c3p0(Database database, int min, int max) throws SQLException {
        DataSource pool = DataSources.pooledDataSource(
                database.driver(),
                Map.of(
                        "initialPoolSize", Integer.toString(min),
                        "minPoolSize", Integer.toString(min),
                        "maxPoolSize", Integer.toString(max),
                        "checkoutTimeout", Long.toString(TIMEOUT.toMillis())));
        return new OpenPool(pool, () -> DataSources.destroy(pool));
    }
}
