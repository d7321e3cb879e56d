package io.memfuse.services.memory;

import java.util.Objects;

/**
 * A message that {@link MemoryService#search} found.
 *
 * @param message the message
 * @param rank how well it matches, by PostgreSQL's {@code ts_rank}; to be compared within one search only
 */
public record SearchHit(Message message, float rank) {

    public SearchHit {
        Objects.requireNonNull(message, "message");
    }
}
