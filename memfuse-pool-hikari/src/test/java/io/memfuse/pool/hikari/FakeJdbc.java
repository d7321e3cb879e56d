package io.memfuse.pool.hikari;

import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A driver without a server: notes what it is told, and can be told to fail or to be in a transaction. */
final class FakeJdbc implements SessionDriver {

    final List<String> calls = new ArrayList<>();
    boolean inTransaction;
    boolean closed;
    String failing = "";

    @Override
    public Connection connect() {
        return fake(Connection.class);
    }

    @Override
    public boolean inTransaction(Connection connection) {
        return inTransaction;
    }

    @Override
    public String name(Connection connection) {
        return "stub";
    }

    @Override
    public void cancel(Connection connection) {
        calls.add("cancel");
    }

    private <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String call = method.getName()
                            + (arguments != null && arguments[0] instanceof String text ? " " + text : "");
                    if (!call.equals("isClosed") && !call.equals("close")) {
                        calls.add(call);
                    }
                    if (call.equals(failing)) {
                        throw new SQLException(failing + " fails");
                    }
                    if (call.equals("execute ROLLBACK")) {
                        inTransaction = false;
                    }
                    return answer(method.getName(), method.getReturnType());
                }));
    }

    private Object answer(String name, Class<?> type) {
        if (name.equals("isClosed")) {
            return closed;
        }
        if (name.equals("getClientInfo")) {
            return "before";
        }
        if (type == Statement.class || type == PreparedStatement.class || type == CallableStatement.class) {
            return fake(type);
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? (Object) 2 : type == long.class ? (Object) 2L : "";
    }
}
