package io.memfuse.it.services;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A data source whose connections lose the server's answer on demand: the update was executed and committed, but the caller
 * is told that the connection broke. Thread-safe.
 */
final class FaultyDataSource {

    private final AtomicInteger answersToLose = new AtomicInteger();
    private final AtomicInteger answersLost = new AtomicInteger();
    private final DataSource dataSource;

    FaultyDataSource(DataSource delegate) {
        this.dataSource = wrap(DataSource.class, delegate);
    }

    DataSource dataSource() {
        return dataSource;
    }

    /** Loses the answers to the next {@code count} updates. */
    void loseAnswers(int count) {
        answersToLose.set(count);
    }

    int answersLost() {
        return answersLost.get();
    }

    private <T> T wrap(Class<T> type, T delegate) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object result;
            try {
                result = method.invoke(delegate, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (method.getName().equals("executeUpdate") && answersToLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                answersLost.incrementAndGet();
                throw new SQLException("the answer got lost", "08006");
            }
            if (result instanceof Connection connection && proxy instanceof DataSource) {
                return wrap(Connection.class, connection);
            }
            return result instanceof PreparedStatement statement ? wrap(PreparedStatement.class, statement) : result;
        }));
    }
}
