package io.memfuse.config.kind;

/**
 * A key of the file, declared once: its reader, the JSON Schema, the reference and the effective configuration go by this.
 *
 * @param name as the file writes it
 * @param kind what its value may be
 * @param absent what holds if it is not there, as the file would write it; or in words: {@code required}
 * @param meaning what it does, for people
 * @param <T> the value
 */
public record Key<T>(String name, Kind<T> kind, String absent, String meaning) {

    /** The word for a key that must be there. */
    public static final String REQUIRED = "required";
}
