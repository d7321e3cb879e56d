/** JDBC pools on HikariCP: {@link io.memfuse.pool.hikari.HikariPoolProvider}. The PostgreSQL driver is brought by the user. */
module io.memfuse.pool.hikari {
    requires transitive io.memfuse.core;
    requires transitive java.sql;
    requires com.zaxxer.hikari;
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires static org.checkerframework.checker.qual;
    requires static org.postgresql.jdbc;

    exports io.memfuse.pool.hikari;

    provides io.memfuse.core.pool.PoolProvider with
            io.memfuse.pool.hikari.HikariPoolProvider;
}
