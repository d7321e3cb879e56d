package io.memfuse.core.health;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How well all pools can serve at one moment.
 *
 * @param status UP if all are, DOWN if all are and there is at least one, else DEGRADED
 * @param reason why, in a sentence for the operator, without a secret
 * @param pools each pool that is registered, in the order of the keys' text
 */
public record Health(HealthStatus status, String reason, List<PoolHealth> pools) {

    /** How many pools a sentence names. */
    private static final int NAMED = 3;

    public Health {
        pools = List.copyOf(pools);
    }

    /** Returns the health of the pools together. */
    public static Health of(List<PoolHealth> pools) {
        List<PoolHealth> down = with(HealthStatus.DOWN, pools);
        List<PoolHealth> degraded = with(HealthStatus.DEGRADED, pools);
        if (down.isEmpty() && degraded.isEmpty()) {
            return new Health(
                    HealthStatus.UP,
                    (pools.size() == 1 ? "1 pool" : pools.size() + " pools") + ", none with a problem",
                    pools);
        }
        HealthStatus status = down.size() == pools.size() ? HealthStatus.DOWN : HealthStatus.DEGRADED;
        String reason = sentence(down, "down", pools.size());
        if (!degraded.isEmpty()) {
            reason += (reason.isEmpty() ? "" : "; ") + sentence(degraded, "degraded", pools.size());
        }
        return new Health(status, reason, pools);
    }

    private static List<PoolHealth> with(HealthStatus status, List<PoolHealth> pools) {
        return pools.stream().filter(pool -> pool.status() == status).toList();
    }

    private static String sentence(List<PoolHealth> which, String what, int all) {
        if (which.isEmpty()) {
            return "";
        }
        String names =
                which.stream().limit(NAMED).map(pool -> pool.key().toString()).collect(Collectors.joining(", "));
        return which.size() + " of " + all + " pools " + what + ": " + names + (which.size() > NAMED ? ", ..." : "");
    }
}
