package io.memfuse.cli.console;

/** The console cannot be served; the message says why and what to do. */
public final class ConsoleException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean wrongSettings;

    private ConsoleException(String code, String message, boolean wrongSettings) {
        super("[MemFuse/" + code + "] " + message);
        this.wrongSettings = wrongSettings;
    }

    /** Its settings make no sense, or are not safe. */
    static ConsoleException wrongSettings(String code, String message) {
        return new ConsoleException(code, message, true);
    }

    /** It cannot listen, though its settings may be right. */
    static ConsoleException cannotListen(String message) {
        return new ConsoleException("ConsolePort", message, false);
    }

    /** Tells whether what was asked for is refused, and something else is to be asked for; else it may work another time. */
    public boolean isOfWrongSettings() {
        return wrongSettings;
    }
}
