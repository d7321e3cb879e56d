package io.memfuse.services.memory;

import io.memfuse.services.StorageException;
import io.memfuse.services.buffer.BufferException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The messages of one user; no other user's can be reached. Thread-safe. What {@link #append} has returned is found by all
 * methods from then on, whether it is on the server already or still in the buffer.
 *
 * <p>Messages have one order for ever: that of their ids, which is the order in which one process appended them. Between
 * several processes it follows their clocks. Methods that read block on the database and throw {@link StorageException} when
 * it fails.
 */
public interface MemoryService {

    /** The most messages that one call returns. */
    int MAX_RESULTS = 1_000;

    /** Appends a message without metadata; see {@link #append(String, String, Map)}. */
    default Message append(String role, String text) throws InterruptedException {
        return append(role, text, Map.of());
    }

    /**
     * Appends a message. Returns as soon as the buffer has accepted it; waits only if that is full.
     *
     * @param role who speaks, such as {@code user} or {@code assistant}; a name of at most 64 characters
     * @param text what is said; may be empty; at most 262,144 characters, the first 65,536 of which can be searched
     * @param metadata anything else; at most 65,536 characters together
     * @throws IllegalArgumentException if one of them is too long or cannot be stored
     * @throws BufferException if the buffer is full or closed; the message is not appended
     * @throws InterruptedException if the thread is interrupted while it waits; the message is not appended
     */
    Message append(String role, String text, Map<String, String> metadata) throws InterruptedException;

    /** Returns the message with this id, if the user has it. */
    Optional<Message> get(UUID id);

    /**
     * Returns the last messages, the oldest of them first.
     *
     * @param limit at most so many; 1 to {@link #MAX_RESULTS}
     */
    List<Message> recent(int limit);

    /**
     * Finds messages by their words, the best first and the newest first among equals. Words are compared by their English
     * stems. First writes what is still in the buffer.
     *
     * @param query as in a web search: words, {@code "a phrase"}, {@code or}, {@code -not}; any text is valid
     * @param limit at most so many; 1 to {@link #MAX_RESULTS}
     * @throws BufferException if the buffer cannot be written now
     * @throws InterruptedException if the thread is interrupted while it waits for the buffer
     */
    List<SearchHit> search(String query, int limit) throws InterruptedException;
}
