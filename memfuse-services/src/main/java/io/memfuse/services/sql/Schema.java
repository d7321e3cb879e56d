package io.memfuse.services.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of the services, in versions. {@link #install} brings a database from any version to the newest; nodes that
 * start together do not collide.
 *
 * <p>A version is never changed once released: a new one is added. A database newer than this program is left alone, so
 * that nodes can be updated one after another; each version must therefore be usable by the program before it.
 */
final class Schema {

    /** {@code memfuse} in ASCII. */
    private static final long ADVISORY_LOCK = 0x6D_65_6D_66_75_73_65L;

    /**
     * Keys compare by byte, so that a prefix is a range of the primary key. Only the head of a message is searchable:
     * that much always fits into a {@code tsvector}, which has an upper limit of 1 MB.
     */
    private static final List<String> VERSION_1 = List.of("""
            create table memfuse.record (
                user_id text collate "C" not null,
                key text collate "C" not null,
                value jsonb not null,
                updated_at timestamptz not null default now(),
                primary key (user_id, key))
            """, """
            create table memfuse.message (
                user_id text collate "C" not null,
                id uuid not null,
                created_at timestamptz not null,
                role text not null,
                body text not null,
                metadata jsonb not null,
                search tsvector not null generated always as (to_tsvector('english', left(body, 65536))) stored,
                primary key (user_id, id))
            """, """
            create index message_search on memfuse.message using gin (search)
            """);

    /** Not {@code to_regclass}: that may answer from a cache which is older than the wait for the advisory lock. */
    private static final String VERSION_TABLES = """
            select count(*) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'memfuse' and c.relname = 'schema_version'
            """;

    private static final List<List<String>> VERSIONS = List.of(VERSION_1);

    private Schema() {}

    /** Makes what is missing. The connection is given back as it came, in no transaction. */
    static void install(Connection connection) throws SQLException {
        boolean present = Transactions.autoCommitted(connection, () -> installedVersion(connection) >= VERSIONS.size());
        // Looked at first: a database user without the right to create can use what another one has created.
        if (!present) {
            Transactions.together(connection, () -> migrate(connection));
        }
    }

    private static int migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '30s'");
            // IF NOT EXISTS is no protection from a node that creates the same at the same moment; the lock is.
            statement.execute("select pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
            int installed = installedVersion(connection);
            if (installed == 0) {
                statement.execute("create schema if not exists memfuse");
                statement.execute("""
                        create table memfuse.schema_version (
                            version int primary key,
                            installed_at timestamptz not null default now())
                        """);
            }
            for (int version = installed + 1; version <= VERSIONS.size(); version++) {
                for (String sql : VERSIONS.get(version - 1)) {
                    statement.execute(sql);
                }
                statement.execute("insert into memfuse.schema_version (version) values (" + version + ")");
            }
            return VERSIONS.size();
        }
    }

    private static int installedVersion(Connection connection) throws SQLException {
        if (number(connection, VERSION_TABLES) == 0) {
            return 0;
        }
        return number(connection, "select coalesce(max(version), 0) from memfuse.schema_version");
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
