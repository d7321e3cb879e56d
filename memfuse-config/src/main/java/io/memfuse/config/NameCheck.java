package io.memfuse.config;

import io.memfuse.config.yaml.Shown;
import java.util.List;
import java.util.Set;

/** Finds names of providers and services that nobody answers to; they are known only when the platform is put together. */
final class NameCheck {

    private final Origins origins;
    private final Set<String> knownProviders;
    private final Set<String> knownServices;
    private final Problems problems = new Problems("configuration");

    private NameCheck(Origins origins, Set<String> knownProviders, Set<String> knownServices) {
        this.origins = origins;
        this.knownProviders = knownProviders;
        this.knownServices = knownServices;
    }

    /** @throws ConfigException if a name is not known; lists all of them */
    static void check(MemFuseConfig config, Set<String> knownProviders, Set<String> knownServices) {
        var check = new NameCheck(config.origins(), knownProviders, knownServices);
        check.providers(config.connectionPool().warmupConfigs());
        check.services(config.connectionPool().precacheConfigs());
        check.problems.throwIfAny();
    }

    private void providers(List<WarmupConfig> configs) {
        for (int i = 0; i < configs.size(); i++) {
            String entry = "connection_pool.warmup_configs[" + i + "]";
            String path = entry + ".provider";
            String name = configs.get(i).spec().provider();
            if (!knownProviders.contains(name)) {
                add(origins.of(path).isPresent() ? path : entry, "provider", name, knownProviders);
            }
        }
    }

    private void services(List<PrecacheConfig> configs) {
        for (int i = 0; i < configs.size(); i++) {
            List<String> services = configs.get(i).services();
            for (int j = 0; j < services.size(); j++) {
                if (!knownServices.contains(services.get(j))) {
                    String path = "connection_pool.precache_configs[" + i + "].services[" + j + "]";
                    add(path, "service", services.get(j), knownServices);
                }
            }
        }
    }

    private void add(String path, String kind, String name, Set<String> known) {
        Origin origin = origins.of(path).orElse(new Origin("configuration", 0, 0, false));
        String message = "no " + kind + " "
                + (origin.environment() ? "has the name from the environment" : "is named " + Shown.quoted(name));
        problems.add(new Problem(
                origin.file(),
                origin.line(),
                origin.column(),
                path,
                message,
                Nearest.of(name, known).isPresent()
                        ? Nearest.hint(name, known)
                        : Nearest.hint(name, known) + "; correct the name, or add the module that has it"));
    }
}
