package io.memfuse.pool.hikari;

import java.lang.reflect.Proxy;
import java.sql.Connection;

/**
 * A connection to nothing. A pool that drains gives it to those who wait in HikariCP's queue: HikariCP cannot wake them
 * otherwise, and they would wait out their time for a connection that nobody makes any more. They see that the pool
 * drains, hand it to the next in the queue, and fail.
 */
final class FarewellConnection {

    private FarewellConnection() {}

    static Connection create() {
        return (Connection) Proxy.newProxyInstance(
                FarewellConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isValid", "getAutoCommit" -> true;
                    case "isClosed", "isReadOnly", "isWrapperFor", "equals" -> false;
                    case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
                    case "getNetworkTimeout", "getHoldability", "hashCode" -> 0;
                    case "toString" -> "farewell";
                    default -> null;
                });
    }
}
