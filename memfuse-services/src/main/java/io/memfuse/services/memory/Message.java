package io.memfuse.services.memory;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A message of {@link MemoryService}. Immutable.
 *
 * @param id its identity, and its place in the order of the user's messages
 * @param time when it was appended, to the microsecond
 * @param role who speaks
 * @param text what is said
 * @param metadata anything else
 */
public record Message(UUID id, Instant time, String role, String text, Map<String, String> metadata) {

    public Message {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(text, "text");
        metadata = Map.copyOf(metadata);
    }

    /** Shows neither text nor metadata, which are nobody's business in a log. */
    @Override
    public String toString() {
        return "Message " + id + " of " + role + " at " + time;
    }
}
