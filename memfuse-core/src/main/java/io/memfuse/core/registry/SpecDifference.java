package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Names what differs between two specs of one key, with the values, but for the password. */
final class SpecDifference {

    private final List<String> differences = new ArrayList<>();

    private SpecDifference() {}

    static List<String> between(PoolSpec one, PoolSpec other) {
        var difference = new SpecDifference();
        difference.compare("min_size", one.limits().minSize(), other.limits().minSize());
        difference.compare("max_size", one.limits().maxSize(), other.limits().maxSize());
        difference.compare(
                "max_queries", one.limits().maxQueries(), other.limits().maxQueries());
        difference.compare(
                "max_inactive_connection_lifetime",
                one.limits().maxInactiveConnectionLifetime(),
                other.limits().maxInactiveConnectionLifetime());
        difference.compare(
                "max_connection_lifetime",
                one.limits().maxConnectionLifetime(),
                other.limits().maxConnectionLifetime());
        difference.compare("timeout", one.limits().timeout(), other.limits().timeout());
        difference.compare(
                "command_timeout", one.limits().commandTimeout(), other.limits().commandTimeout());
        difference.compare("ssl_mode", one.ssl().mode(), other.ssl().mode());
        difference.compare("ssl_root_cert", rootCert(one), rootCert(other));
        difference.compare("server_settings", one.serverSettings(), other.serverSettings());
        if (!one.password().equals(other.password())) {
            difference.differences.add("password");
        }
        return difference.differences;
    }

    private static String rootCert(PoolSpec spec) {
        return spec.ssl().rootCert().map(Path::toString).orElse("none");
    }

    private void compare(String name, Object one, Object other) {
        if (!one.equals(other)) {
            differences.add(name + ": " + one + " and " + other);
        }
    }
}
