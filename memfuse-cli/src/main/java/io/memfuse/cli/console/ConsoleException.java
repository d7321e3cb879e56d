package io.memfuse.cli.console;

/** The console cannot be served; the message says why and what to do. */
public final class ConsoleException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ConsoleException(String code, String message) {
        super("[MemFuse/" + code + "] " + message);
    }
}
