package io.memfuse.core.pool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A setting in which two specs of one key differ. Immutable and thread-safe. Its texts never show a password, nor the value of a
 * server setting, which may be a secret too.
 *
 * @param setting the name of the setting
 * @param first its value in the first spec; empty if it is not to be shown
 * @param second its value in the second spec; empty if it is not to be shown
 */
public record SpecDifference(String setting, String first, String second) {

    private static final Set<String> IN_PLACE = Set.of("min_size", "max_size", "timeout");

    /** Returns what differs, in the order of the settings' documentation; nothing of what makes up the key. */
    public static List<SpecDifference> between(PoolSpec first, PoolSpec second) {
        return new Comparison(first, second).all();
    }

    /** Tells whether a pool that runs can go on with the other value: sizes and {@code timeout}. */
    public boolean isInPlace() {
        return IN_PLACE.contains(setting);
    }

    /** Returns it as a change from the first spec to the second: {@code max_size 20 -> 30}. */
    public String asChange() {
        return isShown() ? setting + " " + first + " -> " + second : setting;
    }

    private boolean isShown() {
        return !first.isEmpty() || !second.isEmpty();
    }

    /** Returns the setting with both values: {@code max_size: 20 and 30}. */
    @Override
    public String toString() {
        return isShown() ? setting + ": " + first + " and " + second : setting;
    }

    private record Comparison(PoolSpec first, PoolSpec second, List<SpecDifference> found) {

        Comparison(PoolSpec first, PoolSpec second) {
            this(first, second, new ArrayList<>());
        }

        List<SpecDifference> all() {
            compareLimit("min_size", PoolLimits::minSize);
            compareLimit("max_size", PoolLimits::maxSize);
            compareLimit("max_queries", PoolLimits::maxQueries);
            compareLimit("max_inactive_connection_lifetime", PoolLimits::maxInactiveConnectionLifetime);
            compareLimit("max_connection_lifetime", PoolLimits::maxConnectionLifetime);
            compareLimit("timeout", PoolLimits::timeout);
            compareLimit("command_timeout", PoolLimits::commandTimeout);
            compare("ssl_mode", spec -> spec.ssl().mode());
            compare(
                    "ssl_root_cert",
                    spec -> spec.ssl().rootCert().map(Path::toString).orElse("none"));
            compareServerSettings();
            if (!first.password().equals(second.password())) {
                found.add(new SpecDifference("password", "", ""));
            }
            return List.copyOf(found);
        }

        private void compareLimit(String name, Function<PoolLimits, Object> limit) {
            compare(name, spec -> limit.apply(spec.limits()));
        }

        private void compare(String name, Function<PoolSpec, Object> setting) {
            String one = setting.apply(first).toString();
            String other = setting.apply(second).toString();
            if (!one.equals(other)) {
                found.add(new SpecDifference(name, one, other));
            }
        }

        private void compareServerSettings() {
            var names = new TreeSet<>(first.serverSettings().keySet());
            names.addAll(second.serverSettings().keySet());
            for (String name : names) {
                String one = first.serverSettings().get(name);
                if (!Objects.equals(one, second.serverSettings().get(name))) {
                    found.add(new SpecDifference("server_settings." + name, "", ""));
                }
            }
        }
    }
}
