package io.memfuse.cli;

import io.memfuse.config.ConnectionPoolConfig;
import java.io.PrintStream;
import java.nio.file.Path;

/** A configuration that is valid and has nothing in it: hardly what its user wants. */
final class NothingToDo {

    private NothingToDo() {}

    /** Warns of it, if it is so. */
    static void warn(Path file, ConnectionPoolConfig pools, PrintStream err) {
        if (pools.warmupConfigs().isEmpty() && pools.precacheConfigs().isEmpty()) {
            err.println(file + ": warning: names no database and no user, so there is nothing to do;"
                    + " add entries to warmup_configs and precache_configs");
        }
    }
}
