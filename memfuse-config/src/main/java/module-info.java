/** From one YAML file to a running platform: the configuration's records, their reader, the Guice module and MemFuse itself. */
module io.memfuse.config {
    requires static transitive org.jspecify;
    requires transitive com.google.guice;
    requires transitive io.memfuse.core;
    requires transitive java.sql;
    requires transitive r2dbc.spi;
    requires jakarta.inject;
    requires org.slf4j;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires tools.jackson.dataformat.yaml;

    exports io.memfuse.config;

    uses io.memfuse.core.pool.PoolProvider;
    uses io.memfuse.core.pool.SecretProvider;
    uses io.memfuse.core.service.ServiceFactory;
}
