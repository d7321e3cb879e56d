package io.memfuse.config.secret;

import io.memfuse.config.value.Problems;
import io.memfuse.config.yaml.Place;
import io.memfuse.core.pool.SecretProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/** The providers of secrets, by name. Thread-safe. */
public final class Secrets {

    private final Map<String, SecretProvider> byName;

    private Secrets(Map<String, SecretProvider> byName) {
        this.byName = byName;
    }

    /** Returns those that {@link ServiceLoader} finds; of two with one name the first. */
    public static Secrets found() {
        Map<String, SecretProvider> byName = new LinkedHashMap<>();
        ServiceLoader.load(SecretProvider.class).forEach(provider -> byName.putIfAbsent(provider.name(), provider));
        return new Secrets(byName);
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** Returns the secret; empty if it cannot be had, which is then reported. Asks a provider that there must be. */
    public Optional<String> find(String name, String reference, Place place, Problems problems) {
        try {
            String secret = Objects.requireNonNull(byName.get(name)).secret(reference);
            if (!secret.isEmpty()) {
                return Optional.of(secret);
            }
            problems.add(place, subject(name) + "is empty", "check what it names");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            problems.add(place, subject(name) + "cannot be had: interrupted", null);
        } catch (Exception unavailable) {
            problems.add(
                    place,
                    subject(name) + "cannot be had: " + unavailable.getClass().getSimpleName(),
                    "check what it names, and that its provider can reach its store");
        }
        return Optional.empty();
    }

    private static String subject(String name) {
        return "the secret that '${" + name + ":...}' names ";
    }
}
