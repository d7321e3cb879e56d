package io.memfuse.bench.filling;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Makes a data source of a way to get a connection. */
interface Supplied {

    Connection get() throws SQLException;

    static DataSource by(Supplied way) {
        return (DataSource) Proxy.newProxyInstance(
                Supplied.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getConnection" -> way.get();
                    case "getLoginTimeout" -> 0;
                    default -> null;
                });
    }
}
