package io.memfuse.services.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * A record of {@link StorageService}.
 *
 * @param key its key
 * @param json its value, as PostgreSQL writes it
 * @param updatedAt when it was last put, by the server's clock
 */
public record StoredRecord(String key, String json, Instant updatedAt) {

    public StoredRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }
}
