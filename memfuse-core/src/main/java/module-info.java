/** The SPI and the engine of MemFuse. Needs the JDK, the SLF4J API and nothing else at run time. */
module io.memfuse.core {
    requires static transitive org.jspecify;
    requires transitive java.management;
    requires jdk.jfr;
    requires org.slf4j;

    exports io.memfuse.core.health;
    exports io.memfuse.core.jmx;
    exports io.memfuse.core.lock;
    exports io.memfuse.core.monitor;
    exports io.memfuse.core.pool;
    exports io.memfuse.core.registry;
    exports io.memfuse.core.service;
    exports io.memfuse.core.startup;
    exports io.memfuse.core.thread;
    exports io.memfuse.core.time;
}
