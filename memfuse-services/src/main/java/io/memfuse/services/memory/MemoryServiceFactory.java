package io.memfuse.services.memory;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceSetting;
import io.memfuse.services.buffer.BufferService;
import io.memfuse.services.sql.Schemas;
import io.memfuse.services.sql.UserDatabase;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;

/** Makes the service {@code memory}; found by {@link java.util.ServiceLoader}. Thread-safe. */
public final class MemoryServiceFactory implements ServiceFactory<MemoryService> {

    /** One for all: the order of a user's messages holds although the service is closed and made again. */
    private static final TimeOrderedIds IDS = new TimeOrderedIds();

    /** For {@link java.util.ServiceLoader}. */
    public MemoryServiceFactory() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Class<MemoryService> type() {
        return MemoryService.class;
    }

    @Override
    public List<ServiceSetting<?>> settings() {
        return MemorySettings.DECLARED;
    }

    @Override
    public MemoryService create(ServiceContext context) throws InterruptedException {
        BufferService buffer = context.service(BufferService.class);
        DataSource dataSource = context.resource(DataSource.class);
        var database = new UserDatabase(dataSource, name(), context.user());
        Schemas.shared().require(dataSource, database.subject());
        return new BufferedMemoryService(
                new MessageTable(database), buffer, MemorySettings.of(context.settings()), Clock.systemUTC(), IDS);
    }
}
