package io.memfuse.cli;

import io.memfuse.cli.console.Console;
import io.memfuse.cli.console.ConsoleSettings;
import io.memfuse.cli.console.EventLog;
import io.memfuse.core.pool.Secret;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code run} that say where the console is served. */
final class ConsoleOptions {

    private static final String TOKEN_VARIABLE = "MEMFUSE_CONSOLE_TOKEN";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Serve the console on this port, 0 for any that is free; ${DEFAULT-VALUE} unless given.")
    private int port = ConsoleSettings.DEFAULT_PORT;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Serve the console on this address, this machine's own unless given; another needs a token.")
    private String bind = "127.0.0.1";

    @Option(
            names = "--console-token",
            paramLabel = "TOKEN",
            description = "Whoever sends it may change pools; better set in " + TOKEN_VARIABLE + ".")
    private @Nullable String token;

    @Option(names = "--no-console", description = "Serve no console.")
    private boolean none;

    /**
     * Listens.
     *
     * @return null if there is to be no console
     * @throws io.memfuse.cli.console.ConsoleException if it cannot, or must not
     */
    @Nullable Console open(EventLog events) {
        return none ? null : Console.open(new ConsoleSettings(bind, port, token()), events);
    }

    private Secret token() {
        String text = token == null ? System.getenv(TOKEN_VARIABLE) : token;
        return text == null || text.isEmpty() ? Secret.none() : Secret.of(text);
    }
}
