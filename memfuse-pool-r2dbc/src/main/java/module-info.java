/** Reactive pools: {@link io.memfuse.pool.r2dbc.R2dbcPoolProvider}. The PostgreSQL R2DBC driver is brought by the user. */
module io.memfuse.pool.r2dbc {
    requires transitive io.memfuse.core;
    requires transitive r2dbc.spi;
    requires transitive org.reactivestreams;
    requires reactor.core;
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires static r2dbc.postgresql;
    requires static reactor.netty.core;
    requires static io.netty.transport;
    requires static io.netty.buffer;
    requires static io.netty.common;
    requires static io.netty.handler;
    requires static jsr305;

    exports io.memfuse.pool.r2dbc;

    provides io.memfuse.core.pool.PoolProvider with
            io.memfuse.pool.r2dbc.R2dbcPoolProvider;

    uses io.r2dbc.postgresql.extension.Extension;
}
