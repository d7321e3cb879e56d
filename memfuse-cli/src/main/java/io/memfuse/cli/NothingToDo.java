package io.memfuse.cli;

import io.memfuse.config.MemFuseConfig;
import java.io.PrintStream;
import java.nio.file.Path;

/** A configuration that is valid and has nothing in it: hardly what its user wants. */
final class NothingToDo {

    private NothingToDo() {}

    /** Warns of it, if it is so. */
    static void warn(Path file, MemFuseConfig config, PrintStream err) {
        if (config.allDatabases().isEmpty()
                && config.connectionPool().precacheConfigs().isEmpty()) {
            err.println(file + ": warning: names no database and no user, so there is nothing to do;"
                    + " add entries to databases and precache_configs");
        }
    }
}
