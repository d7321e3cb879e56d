package io.memfuse.services.memory;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The messages that are accepted and not known to be on the server, in their order. Thread-safe, without locks.
 *
 * <p>INVARIANT: a message is here before it is offered to the buffer, and leaves after it was written. Who looks here first
 * and on the server then misses no message, and may find one twice. It is not shown until the buffer has accepted it.
 */
final class UnwrittenMessages {

    private final ConcurrentSkipListMap<UUID, Entry> entries = new ConcurrentSkipListMap<>();

    private static final class Entry {

        private final Message message;
        private volatile boolean accepted;

        Entry(Message message) {
            this.message = message;
        }
    }

    /** Adds a message, which is not shown yet. */
    void offer(Message message) {
        entries.put(message.id(), new Entry(message));
    }

    /** Shows a message, unless it is written already. */
    void accepted(Message message) {
        Entry entry = entries.get(message.id());
        if (entry != null) {
            entry.accepted = true;
        }
    }

    void remove(Message message) {
        entries.remove(message.id());
    }

    void removeAll(Collection<Message> messages) {
        messages.forEach(this::remove);
    }

    Optional<Message> get(UUID id) {
        return Optional.ofNullable(entries.get(id))
                .filter(entry -> entry.accepted)
                .map(entry -> entry.message);
    }

    /** Returns the newest messages, the newest first. */
    List<Message> newest(int limit) {
        return entries.descendingMap().values().stream()
                .filter(entry -> entry.accepted)
                .limit(limit)
                .map(entry -> entry.message)
                .toList();
    }
}
