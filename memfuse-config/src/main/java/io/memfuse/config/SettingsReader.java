package io.memfuse.config;

import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.SslSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the settings of a pool, which stand directly under {@code connection_pool} or in one of its entries. */
final class SettingsReader {

    private static final String MIN_SIZE = "min_size";
    private static final String MAX_SIZE = "max_size";
    private static final String MAX_QUERIES = "max_queries";
    private static final String MAX_INACTIVE_CONNECTION_LIFETIME = "max_inactive_connection_lifetime";
    private static final String MAX_CONNECTION_LIFETIME = "max_connection_lifetime";
    private static final String TIMEOUT = "timeout";
    private static final String COMMAND_TIMEOUT = "command_timeout";
    private static final String SERVER_SETTINGS = "server_settings";
    private static final String SSL_MODE = "ssl_mode";
    private static final String SSL_ROOT_CERT = "ssl_root_cert";

    /** The keys of the settings. */
    static final Set<String> KEYS = Set.of(
            MIN_SIZE,
            MAX_SIZE,
            MAX_QUERIES,
            MAX_INACTIVE_CONNECTION_LIFETIME,
            MAX_CONNECTION_LIFETIME,
            TIMEOUT,
            COMMAND_TIMEOUT,
            SERVER_SETTINGS,
            SSL_MODE,
            SSL_ROOT_CERT);

    private static final IntRange MIN_SIZES = new IntRange(0, 10_000);
    private static final IntRange MAX_SIZES = new IntRange(1, 10_000);
    private static final IntRange QUERIES = new IntRange(0, 1_000_000_000);
    private static final DurationRange INACTIVE_LIFETIMES =
            new DurationRange(Duration.ofSeconds(10), Duration.ofHours(24), "for ever");
    private static final DurationRange LIFETIMES =
            new DurationRange(Duration.ofSeconds(30), Duration.ofHours(24), "no limit");
    private static final DurationRange TIMEOUTS = new DurationRange(Duration.ofMillis(250), Duration.ofMinutes(10), "");
    private static final DurationRange COMMAND_TIMEOUTS =
            new DurationRange(Duration.ofMillis(100), Duration.ofHours(24), "no limit");

    private final Problems problems;

    SettingsReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns the settings of {@code section}; what it does not set, or sets wrongly, is as in {@code inherited}. */
    PoolSettings read(Section section, PoolSettings inherited) {
        return new PoolSettings(
                limits(section, inherited.limits()),
                serverSettings(section, inherited.serverSettings()),
                ssl(section, inherited.ssl()));
    }

    private PoolLimits limits(Section section, PoolLimits inherited) {
        PoolLimits times = new PoolLimits(
                inherited.minSize(),
                inherited.maxSize(),
                section.number(MAX_QUERIES, QUERIES, inherited.maxQueries()),
                section.duration(
                        MAX_INACTIVE_CONNECTION_LIFETIME,
                        INACTIVE_LIFETIMES,
                        inherited.maxInactiveConnectionLifetime()),
                section.duration(TIMEOUT, TIMEOUTS, inherited.timeout()),
                section.duration(COMMAND_TIMEOUT, COMMAND_TIMEOUTS, inherited.commandTimeout()),
                section.duration(MAX_CONNECTION_LIFETIME, LIFETIMES, inherited.maxConnectionLifetime()));
        int before = problems.met();
        int minSize = section.number(MIN_SIZE, MIN_SIZES, inherited.minSize());
        int maxSize = section.number(MAX_SIZE, MAX_SIZES, inherited.maxSize());
        if (problems.met() > before) {
            return times;
        }
        if (minSize <= maxSize) {
            return times.withSizes(minSize, maxSize);
        }
        addCrossed(section, minSize, maxSize);
        return times;
    }

    private void addCrossed(Section section, int minSize, int maxSize) {
        if (section.has(MAX_SIZE)) {
            String inherited = section.has(MIN_SIZE) ? "" : " unless set here";
            problems.add(
                    section.placeOf(MAX_SIZE),
                    maxSize + " is less than min_size, which is " + minSize + inherited,
                    "set both");
        } else {
            problems.add(
                    section.placeOf(MIN_SIZE),
                    minSize + " is more than max_size, which is " + maxSize + " unless set here",
                    "set both");
        }
    }

    /** Certificates that are inherited are left out where the mode does not look at them; those that are not are reported. */
    private SslSettings ssl(Section section, SslSettings inherited) {
        int before = problems.met();
        SslMode mode = section.text(SSL_MODE, TextRule.SSL_MODE)
                .flatMap(value -> SslMode.of(value.text()))
                .orElse(inherited.mode());
        Optional<Path> own = section.text(SSL_ROOT_CERT, TextRule.FILE).map(value -> Path.of(value.text()));
        if (problems.met() > before) {
            return inherited;
        }
        if (mode.verifies()) {
            return new SslSettings(mode, own.or(inherited::rootCert));
        }
        if (own.isPresent()) {
            problems.add(
                    section.placeOf(SSL_ROOT_CERT),
                    "is not looked at with ssl_mode " + mode,
                    "set ssl_mode to " + SslMode.VERIFY_CA + " or " + SslMode.VERIFY_FULL + ", or remove it");
        }
        return new SslSettings(mode, Optional.empty());
    }

    private Map<String, String> serverSettings(Section section, Map<String, String> inherited) {
        Map<String, String> settings = new LinkedHashMap<>(inherited);
        section.section(SERVER_SETTINGS)
                .map(own -> own.texts(TextRule.SERVER_SETTING_NAME, TextRule.SERVER_SETTING))
                .ifPresent(settings::putAll);
        return settings;
    }
}
