package io.memfuse.services.memory;

import io.memfuse.core.service.ServiceSetting;
import io.memfuse.core.service.ServiceSetting.Count;
import io.memfuse.core.service.ServiceSetting.Time;
import io.memfuse.core.service.ServiceSettings;
import java.time.Duration;
import java.util.List;

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

    private static final Count MAX_ROLE_CHARS = new Count("max_role_chars", 64, 1, 1_000, "the longest role");
    private static final Count MAX_TEXT_CHARS = new Count("max_text_chars", 262_144, 1, 10_000_000, "the longest text");
    private static final Count MAX_METADATA_CHARS =
            new Count("max_metadata_chars", 65_536, 0, 1_000_000, "the longest metadata, keys and values together");
    private static final Count CHARS_PER_UNIT = new Count(
            "chars_per_unit",
            4_096,
            1,
            1_000_000,
            "so many characters of a message take one unit of the buffer's space");
    private static final Time FLUSH_TIMEOUT = new Time(
            "flush_timeout",
            Duration.ofSeconds(10),
            Duration.ofMillis(1),
            Duration.ofMinutes(10),
            "how long a search waits for the buffer");

    /** What configuration may set. */
    static final List<ServiceSetting<?>> DECLARED =
            List.of(MAX_ROLE_CHARS, MAX_TEXT_CHARS, MAX_METADATA_CHARS, CHARS_PER_UNIT, FLUSH_TIMEOUT);

    static MemorySettings of(ServiceSettings settings) {
        return new MemorySettings(
                settings.get(MAX_ROLE_CHARS),
                settings.get(MAX_TEXT_CHARS),
                settings.get(MAX_METADATA_CHARS),
                settings.get(CHARS_PER_UNIT),
                settings.get(FLUSH_TIMEOUT));
    }
}
