package io.memfuse.config.read;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.kind.NameUse;
import io.memfuse.config.value.Problems;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What came of reading a configuration: all that is right, and all that is wrong so far. Names of providers and services are
 * still to be checked, by who knows what there is.
 *
 * @param config what is right; the whole configuration if there is no problem
 * @param databases the names of the databases, of refused ones too where they are known
 * @param names the names of providers and services in it, those of refused entries included
 * @param problems what is wrong
 */
public record Reading(MemFuseConfig config, Set<String> databases, List<NameUse> names, Problems problems) {

    public Reading {
        databases = Collections.unmodifiableSet(new LinkedHashSet<>(databases));
        names = List.copyOf(names);
    }

    /** Returns the reading of a configuration in which nothing was wrong, or that a program made. */
    public static Reading of(MemFuseConfig config) {
        Set<String> databases =
                config.allDatabases().stream().map(DatabaseConfig::name).collect(Collectors.toSet());
        return new Reading(config, databases, NameUse.of(config), new Problems("configuration"));
    }

    /**
     * Returns the configuration.
     *
     * @throws io.memfuse.config.ConfigException if there is a problem
     */
    public MemFuseConfig valid() {
        problems.throwIfAny();
        return config;
    }
}
