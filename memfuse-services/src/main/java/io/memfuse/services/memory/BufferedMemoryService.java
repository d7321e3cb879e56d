package io.memfuse.services.memory;

import io.memfuse.services.buffer.BufferChannel;
import io.memfuse.services.buffer.BufferService;
import io.memfuse.services.sql.Texts;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** {@link MemoryService} on the table {@code memfuse.message}, written through the user's buffer. */
final class BufferedMemoryService implements MemoryService, AutoCloseable {

    private final MessageTable table;
    private final MemorySettings settings;
    private final Clock clock;
    private final TimeOrderedIds ids;
    private final UnwrittenMessages unwritten = new UnwrittenMessages();
    private final BufferChannel<Message> channel;

    BufferedMemoryService(
            MessageTable table, BufferService buffer, MemorySettings settings, Clock clock, TimeOrderedIds ids) {
        this.table = table;
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
        this.channel = buffer.open("messages", new MessageSink(table, unwritten, settings.charsPerUnit()));
    }

    @Override
    public Message append(String role, String text, Map<String, String> metadata) throws InterruptedException {
        Texts.requireName("role", role, settings.maxRoleChars());
        Texts.requireStorable("text", text, settings.maxTextChars());
        requireStorable(metadata);
        // PostgreSQL keeps microseconds: the message is the same before and after it was written.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var message = new Message(ids.next(now), now, role, text, metadata);
        accept(message);
        return message;
    }

    private void accept(Message message) throws InterruptedException {
        boolean accepted = false;
        unwritten.offer(message);
        try {
            channel.accept(message);
            accepted = true;
        } finally {
            if (accepted) {
                unwritten.accepted(message);
            } else {
                unwritten.remove(message);
            }
        }
    }

    @Override
    public Optional<Message> get(UUID id) {
        Objects.requireNonNull(id, "id");
        return unwritten.get(id).or(() -> table.get(id));
    }

    @Override
    public List<Message> recent(int limit) {
        requireLimit(limit);
        List<Message> fromBuffer = unwritten.newest(limit);
        List<Message> fromTable = table.newest(limit);
        var inOrder = new TreeMap<UUID, Message>();
        Stream.of(fromTable, fromBuffer).flatMap(List::stream).forEach(message -> inOrder.put(message.id(), message));
        return inOrder.values().stream()
                .skip(Math.max(0, inOrder.size() - limit))
                .toList();
    }

    @Override
    public List<SearchHit> search(String query, int limit) throws InterruptedException {
        Texts.requireStorable("query", query, settings.maxTextChars());
        requireLimit(limit);
        channel.flush(settings.flushTimeout());
        return table.search(query, limit);
    }

    /** Writes what is still in the buffer. */
    @Override
    public void close() {
        channel.close();
    }

    private void requireStorable(Map<String, String> metadata) {
        int left = settings.maxMetadataChars();
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            left -= Texts.requireStorable("a key of the metadata", entry.getKey(), left)
                    .length();
            left -= Texts.requireStorable("a value of the metadata", entry.getValue(), left)
                    .length();
        }
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > MAX_RESULTS) {
            throw new IllegalArgumentException("limit is " + limit + "; must be 1 to " + MAX_RESULTS);
        }
    }
}
