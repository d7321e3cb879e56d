package io.memfuse.config;

import java.util.List;

/**
 * What came of reading a configuration: all that is right, and all that is wrong so far. Names of providers and services are
 * still to be checked, by who knows what there is.
 *
 * @param config what is right; the whole configuration if there is no problem
 * @param names the names in it, those of refused entries included
 * @param problems what is wrong
 */
record Reading(MemFuseConfig config, List<NameUse> names, Problems problems) {

    Reading {
        names = List.copyOf(names);
    }

    /** Returns the reading of a configuration in which nothing was wrong, or that a program made. */
    static Reading of(MemFuseConfig config) {
        return new Reading(config, NameUse.of(config), new Problems("configuration"));
    }

    /** @throws ConfigException if there is a problem */
    MemFuseConfig valid() {
        problems.throwIfAny();
        return config;
    }
}
