package io.memfuse.services.buffer;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceSetting;
import io.memfuse.core.service.ServiceSettings;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the service {@code buffer}; found by {@link java.util.ServiceLoader}. Thread-safe. */
public final class BufferServiceFactory implements ServiceFactory<BufferService> {

    /** For {@link java.util.ServiceLoader}. */
    public BufferServiceFactory() {}

    @Override
    public String name() {
        return "buffer";
    }

    @Override
    public Class<BufferService> type() {
        return BufferService.class;
    }

    @Override
    public List<ServiceSetting<?>> settings() {
        return BufferSettings.DECLARED;
    }

    @Override
    public void check(ServiceSettings settings) {
        BufferSettings.of(settings);
    }

    @Override
    public BufferService create(ServiceContext context) {
        return new UserBuffer(context, BufferSettings.of(context.settings()), new SplittableRandom());
    }
}
