package io.memfuse.services.memory;

import java.time.Duration;

/**
 * How a memory behaves.
 *
 * @param maxRoleChars the longest role
 * @param maxTextChars the longest text
 * @param maxMetadataChars the longest metadata, keys and values together
 * @param charsPerUnit so many characters of a message take one unit of the buffer's space, begun ones included
 * @param flushTimeout how long a search waits for the buffer
 */
record MemorySettings(
        int maxRoleChars, int maxTextChars, int maxMetadataChars, int charsPerUnit, Duration flushTimeout) {

    static final MemorySettings DEFAULT = new MemorySettings(64, 262_144, 65_536, 4_096, Duration.ofSeconds(10));
}
