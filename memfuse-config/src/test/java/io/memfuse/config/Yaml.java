package io.memfuse.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Reads texts for tests. */
final class Yaml {

    static final String FILE = "memfuse.yaml";

    private Yaml() {}

    static MemFuseConfig read(String text) {
        return read(text, Map.of());
    }

    static MemFuseConfig read(String text, Map<String, String> environment) {
        return ConfigReader.create().withEnvironment(environment).read(FILE, text);
    }

    /** Returns the only entry of {@code warmup_configs} with these lines. */
    static DatabaseConfig warmup(String... lines) {
        return pool("warmup_configs", lines).warmupConfigs().get(0);
    }

    /** Returns the database {@code orders} with these lines. */
    static DatabaseConfig database(String... lines) {
        String entry = String.join("\n    ", lines);
        return read("databases:\n  orders:\n    " + entry + "\n").databases().get(0);
    }

    /** Returns the only entry of {@code precache_configs} with these lines. */
    static PrecacheConfig precache(String... lines) {
        return pool("precache_configs", lines).precacheConfigs().get(0);
    }

    private static ConnectionPoolConfig pool(String key, String... lines) {
        String entry = String.join("\n      ", lines);
        return read("connection_pool:\n  " + key + ":\n    - " + entry + "\n").connectionPool();
    }

    static List<String> problems(String text) {
        return problems(() -> read(text)).stream().map(Problem::toString).toList();
    }

    /** Returns the problems that {@code reading} ends in; it must end in some. */
    static List<Problem> problems(Supplier<?> reading) {
        try {
            throw new AssertionError("no problem with " + reading.get());
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    static String resource(String name) {
        try (var in = Objects.requireNonNull(Yaml.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
