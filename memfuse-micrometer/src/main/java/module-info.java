/** What goes on in MemFuse, as meters of Micrometer. Needs the core and Micrometer. */
module io.memfuse.micrometer {
    requires transitive io.memfuse.core;
    requires transitive micrometer.core;
    requires org.slf4j;

    exports io.memfuse.micrometer;
}
