package io.memfuse.services.storage;

import io.memfuse.services.StorageException;
import java.util.List;
import java.util.Optional;

/**
 * JSON records by key, of one user; no other user's records can be reached. Thread-safe. What {@link #put} has returned from
 * is on the server.
 *
 * <p>A key has 1 to 512 characters, of which none is a control character. Keys are ordered by code point. All methods block
 * on the database and throw {@link StorageException} when it fails; all may be repeated.
 */
public interface StorageService {

    /** The most records that one {@link #list} returns. */
    int MAX_LIST = 1_000;

    /**
     * Stores {@code json} under {@code key}, in place of what may be there. The last one wins.
     *
     * @param json a JSON value of any kind; PostgreSQL keeps it in binary form, so without its white space, order of
     *     keys and duplicate keys
     * @throws MalformedJsonException if PostgreSQL does not take {@code json}; nothing was stored
     * @throws IllegalArgumentException if {@code key} is not valid
     */
    void put(String key, String json);

    /** Returns the record under {@code key}, if there is one. */
    Optional<StoredRecord> get(String key);

    /**
     * Returns the first records whose keys start with {@code prefix}, in the order of their keys.
     *
     * @param prefix taken literally; empty for all keys
     * @param limit at most so many; 1 to {@link #MAX_LIST}
     */
    default List<StoredRecord> list(String prefix, int limit) {
        return list(prefix, "", limit);
    }

    /**
     * Returns the next page: as {@link #list(String, int)}, but only keys that come after {@code afterKey}.
     *
     * @param afterKey the last key of the page before; empty for the first page
     */
    List<StoredRecord> list(String prefix, String afterKey, int limit);

    /**
     * Deletes the record under {@code key}.
     *
     * @return false if there was none
     */
    boolean delete(String key);
}
