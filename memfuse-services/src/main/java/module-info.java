/** Three services for each user, on PostgreSQL: storage, buffer and memory. Needs the core and JDBC. */
module io.memfuse.services {
    requires transitive io.memfuse.core;
    requires transitive java.sql;
    requires org.slf4j;

    exports io.memfuse.services;
    exports io.memfuse.services.buffer;
    exports io.memfuse.services.memory;
    exports io.memfuse.services.storage;

    provides io.memfuse.core.service.ServiceFactory with
            io.memfuse.services.storage.StorageServiceFactory,
            io.memfuse.services.buffer.BufferServiceFactory,
            io.memfuse.services.memory.MemoryServiceFactory;
}
