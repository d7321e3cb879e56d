package io.memfuse.it.fault;

import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolOpenException;
import io.r2dbc.spi.R2dbcException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What callers were told, in few words: our exception with its kind, or else the state of the database's or driver's. */
final class Causes {

    private Causes() {}

    static String of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PoolOpenException open) {
                return "PoolOpenException " + open.kind();
            }
            if (cause instanceof PoolException || cause instanceof InterruptedException) {
                return cause.getClass().getSimpleName();
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String state = state(cause);
            if (state != null) {
                return "SQLState " + state;
            }
        }
        return failure.getClass().getSimpleName();
    }

    private static @Nullable String state(Throwable cause) {
        if (cause instanceof SQLException e) {
            return e.getSQLState();
        }
        return cause instanceof R2dbcException e ? e.getSqlState() : null;
    }

    /** Returns how often each cause was told. */
    static Map<String, Long> count(Collection<Load.Outcome> outcomes) {
        return outcomes.stream()
                .map(Load.Outcome::failure)
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(Causes::of, TreeMap::new, Collectors.counting()));
    }

    /** Returns everything that a log would show of it. */
    static String everything(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
