package io.memfuse.bench.stub;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;

/** A connection that cannot say anything to a server: every method that would is refused. */
abstract class SilentConnection implements Connection {

    private static SQLException unsupported() {
        return new SQLFeatureNotSupportedException("there is no server behind a stub");
    }

    @Override
    public final Statement createStatement() throws SQLException {
        throw unsupported();
    }

    @Override
    public final Statement createStatement(int type, int concurrency) throws SQLException {
        throw unsupported();
    }

    @Override
    public final Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        throw unsupported();
    }

    @Override
    public final PreparedStatement prepareStatement(String sql) throws SQLException {
        throw unsupported();
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        throw unsupported();
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        throw unsupported();
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
        throw unsupported();
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, int[] keys) throws SQLException {
        throw unsupported();
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, String[] keys) throws SQLException {
        throw unsupported();
    }

    @Override
    public final CallableStatement prepareCall(String sql) throws SQLException {
        throw unsupported();
    }

    @Override
    public final CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        throw unsupported();
    }

    @Override
    public final CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        throw unsupported();
    }

    @Override
    public final String nativeSQL(String sql) throws SQLException {
        throw unsupported();
    }

    @Override
    public final DatabaseMetaData getMetaData() throws SQLException {
        throw unsupported();
    }

    @Override
    public final Map<String, Class<?>> getTypeMap() throws SQLException {
        throw unsupported();
    }

    @Override
    public final void setTypeMap(Map<String, Class<?>> types) throws SQLException {
        throw unsupported();
    }

    @Override
    public final Savepoint setSavepoint() throws SQLException {
        throw unsupported();
    }

    @Override
    public final Savepoint setSavepoint(String name) throws SQLException {
        throw unsupported();
    }

    @Override
    public final void rollback(Savepoint savepoint) throws SQLException {
        throw unsupported();
    }

    @Override
    public final void releaseSavepoint(Savepoint savepoint) throws SQLException {
        throw unsupported();
    }

    @Override
    public final Clob createClob() throws SQLException {
        throw unsupported();
    }

    @Override
    public final Blob createBlob() throws SQLException {
        throw unsupported();
    }

    @Override
    public final NClob createNClob() throws SQLException {
        throw unsupported();
    }

    @Override
    public final SQLXML createSQLXML() throws SQLException {
        throw unsupported();
    }

    @Override
    public final Array createArrayOf(String type, Object[] elements) throws SQLException {
        throw unsupported();
    }

    @Override
    public final Struct createStruct(String type, Object[] attributes) throws SQLException {
        throw unsupported();
    }
}
