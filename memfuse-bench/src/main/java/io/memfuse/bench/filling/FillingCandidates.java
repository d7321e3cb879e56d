package io.memfuse.bench.filling;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.OpenPool;
import io.memfuse.bench.peer.Peers;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/** Opens pools that fill themselves in a way that was not chosen. */
public final class FillingCandidates {

    /** Their names. */
    public static final List<String> NAMES = List.of("own-option", "skip-pause", "side-by-side", "borrowers-connect");

    private static final String BLOCK_UNTIL_FILLED = "com.zaxxer.hikari.blockUntilFilled";

    private FillingCandidates() {}

    /**
     * Opens a pool.
     *
     * @throws IllegalArgumentException if no candidate has that name
     */
    public static OpenPool open(String name, Database database, int min, int max) {
        return switch (name) {
            case "own-option" -> ownOption(database, max);
            case "skip-pause" -> skipPause(database, min, max);
            case "side-by-side" -> sideBySide(database, min, max);
            case "borrowers-connect" -> borrowersConnect(database, min, max);
            default -> throw new IllegalArgumentException("no candidate '" + name + "'");
        };
    }

    /** HikariCP's own way to fill with several threads: before it lends the first, and to a minimum that is the maximum. */
    private static OpenPool ownOption(Database database, int max) {
        HikariConfig config = Peers.hikariConfig(database, max, max);
        config.setInitializationFailTimeout(Duration.ofSeconds(60).toMillis());
        System.setProperty(BLOCK_UNTIL_FILLED, "true");
        try {
            var pool = new HikariDataSource(config);
            return new OpenPool(pool, pool::close);
        } finally {
            System.clearProperty(BLOCK_UNTIL_FILLED);
        }
    }

    private static OpenPool skipPause(Database database, int min, int max) {
        DataSource driver = database.driver();
        HikariDataSource pool = start(database, min, max, () -> {
            Connection connection = driver.getConnection();
            Adders.skipPause();
            return connection;
        });
        return new OpenPool(pool, pool::close);
    }

    private static OpenPool sideBySide(Database database, int min, int max) {
        ExecutorService executor = Executors.newCachedThreadPool(new Adders());
        var supply = new SideBySide(database.driver(), min, max, executor);
        HikariDataSource pool = start(database, min, max, supply);
        supply.started((HikariPool) pool.getHikariPoolMXBean());
        return new OpenPool(pool, () -> {
            pool.close();
            executor.shutdown();
        });
    }

    private static OpenPool borrowersConnect(Database database, int min, int max) {
        var borrowers = new BorrowersConnect(database.driver(), max);
        HikariDataSource pool = start(database, min, max, borrowers::next);
        return new OpenPool(Supplied.by(() -> borrowers.borrow(pool)), pool::close);
    }

    private static HikariDataSource start(Database database, int min, int max, Supplied connections) {
        HikariConfig config = Peers.hikariConfig(database, min, max);
        config.setDataSource(Supplied.by(connections));
        config.setThreadFactory(new Adders());
        return new HikariDataSource(config);
    }
}
