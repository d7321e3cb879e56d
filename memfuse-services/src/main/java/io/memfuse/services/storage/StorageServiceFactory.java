package io.memfuse.services.storage;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.services.sql.Schemas;
import io.memfuse.services.sql.UserDatabase;
import javax.sql.DataSource;

/** Makes the service {@code storage}; found by {@link java.util.ServiceLoader}. Thread-safe. */
public final class StorageServiceFactory implements ServiceFactory<StorageService> {

    /** For {@link java.util.ServiceLoader}. */
    public StorageServiceFactory() {}

    @Override
    public String name() {
        return "storage";
    }

    @Override
    public Class<StorageService> type() {
        return StorageService.class;
    }

    @Override
    public StorageService create(ServiceContext context) throws InterruptedException {
        DataSource dataSource = context.resource(DataSource.class);
        var database = new UserDatabase(dataSource, name(), context.user());
        Schemas.shared().require(dataSource, database.subject());
        return new JdbcStorageService(database);
    }
}
