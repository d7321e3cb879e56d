/** The program {@code memfuse}: {@code run}, {@code check} and {@code stress}. */
module io.memfuse.cli {
    requires static transitive org.jspecify;
    requires HdrHistogram;
    requires ch.qos.logback.classic;
    requires com.zaxxer.hikari;
    requires ch.qos.logback.core;
    requires info.picocli;
    requires io.memfuse.config;
    requires io.memfuse.core;
    requires io.memfuse.micrometer;
    requires io.memfuse.pool.hikari;
    requires io.memfuse.services;
    requires java.sql;
    requires jdk.httpserver;
    requires jdk.unsupported;
    requires micrometer.registry.prometheus;
    requires org.apache.commons.compress;
    requires org.slf4j;
    requires org.tukaani.xz;
    requires tools.jackson.core;

    exports io.memfuse.cli.embedded;

    opens io.memfuse.cli to
            info.picocli;
}
