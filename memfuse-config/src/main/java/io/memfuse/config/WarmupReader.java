package io.memfuse.config;

import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one entry of {@code warmup_configs}. */
final class WarmupReader {

    private static final String NAME = "name";
    private static final String PROVIDER = "provider";
    private static final String HOST = "host";
    private static final String PORT = "port";
    private static final String DATABASE = "database";
    private static final String USER = "user";
    private static final String PASSWORD = "password";

    /** Stands in an entry, or directly under {@code connection_pool} for all of them. */
    static final String PINNED = "pinned";

    private static final Set<String> KEYS = Stream.concat(
                    Stream.of(NAME, PROVIDER, HOST, PORT, DATABASE, USER, PASSWORD, PINNED),
                    SettingsReader.KEYS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final IntRange PORTS = new IntRange(1, 65_535);

    private final Source source;
    private final SettingsReader settingsReader;

    WarmupReader(Source source) {
        this.source = source;
        this.settingsReader = new SettingsReader(source.problems());
    }

    /** Tells whether the value of a key must not be shown. */
    static boolean isSecret(String key) {
        return key.equals(PASSWORD);
    }

    /** Returns the entry; empty if there is a problem with it, which is then reported. */
    Optional<WarmupConfig> read(Section entry, PoolSettings inherited, boolean inheritedPinned) {
        int before = source.problems().met();
        entry.refuseUnknownKeys(KEYS);
        entry.require(DATABASE);
        String database = entry.text(DATABASE, TextRule.NAME, "");
        String name = entry.text(NAME, TextRule.NAME, database);
        PoolSettings settings = settingsReader.read(entry, inherited);
        PoolSpec.Builder spec = PoolSpec.builder(provider(entry), database)
                .limits(settings.limits())
                .serverSettings(settings.serverSettings())
                .sslMode(settings.ssl().mode());
        settings.ssl().rootCert().ifPresent(spec::sslRootCert);
        entry.text(HOST, TextRule.HOST).ifPresent(host -> spec.host(host.text()));
        entry.text(USER, TextRule.NAME).ifPresent(user -> spec.user(user.text()));
        entry.text(PASSWORD, TextRule.PASSWORD).ifPresent(password -> spec.password(Secret.of(password.text())));
        entry.number(PORT, PORTS).ifPresent(spec::port);
        boolean pinned = entry.flag(PINNED, inheritedPinned);
        return source.problems().met() > before
                ? Optional.empty()
                : Optional.of(new WarmupConfig(name, spec.build(), pinned));
    }

    private String provider(Section entry) {
        int before = source.problems().met();
        String name = entry.text(PROVIDER, TextRule.NAME, WarmupConfig.DEFAULT_PROVIDER);
        if (source.problems().met() == before) {
            source.used(new NameUse(NameUse.Kind.PROVIDER, entry.place().path() + "." + PROVIDER, name));
        }
        return name;
    }
}
