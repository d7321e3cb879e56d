package io.memfuse.core.startup;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.service.ServiceKey;
import java.util.List;

/**
 * What to have ready before the first request.
 *
 * @param pools registered pools to open and fill to their minimum
 * @param services services to make
 */
public record StartupPlan(List<PoolKey<?>> pools, List<ServiceKey> services) {

    public StartupPlan {
        pools = List.copyOf(pools);
        services = List.copyOf(services);
    }
}
