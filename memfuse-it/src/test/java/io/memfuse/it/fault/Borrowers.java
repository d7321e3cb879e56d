package io.memfuse.it.fault;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import reactor.core.publisher.Flux;

/** Takes many connections at once by each technology, has something done meanwhile, and gives them back. */
final class Borrowers {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Borrowers() {}

    static void jdbc(DataSource source, int count, Deed meanwhile) throws Exception {
        var lent = new ArrayList<java.sql.Connection>();
        try {
            for (int i = 0; i < count; i++) {
                lent.add(source.getConnection());
            }
            meanwhile.be();
        } catch (SQLException e) {
            throw new AssertionError(lent.size() + " of " + count + " connections could be had", e);
        } finally {
            for (java.sql.Connection connection : lent) {
                connection.close();
            }
        }
    }

    static void r2dbc(ConnectionFactory factory, int count, Deed meanwhile) throws Exception {
        List<Connection> lent = new ArrayList<>();
        try {
            Flux.range(0, count)
                    .concatMap(i -> factory.create())
                    .doOnNext(lent::add)
                    .blockLast(PATIENCE);
            meanwhile.be();
        } catch (R2dbcException e) {
            throw new AssertionError(lent.size() + " of " + count + " connections could be had", e);
        } finally {
            Flux.fromIterable(lent).concatMap(Connection::close).blockLast(PATIENCE);
        }
    }
}
