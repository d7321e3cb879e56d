package io.memfuse.services.memory;

import io.memfuse.services.StorageException;
import io.memfuse.services.buffer.BufferSink;
import io.memfuse.services.buffer.RefusedRecordException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the buffer's messages to the table, and keeps the list of the unwritten ones. */
final class MessageSink implements BufferSink<Message> {

    private static final Logger LOG = LoggerFactory.getLogger(MessageSink.class);

    private final MessageTable table;
    private final UnwrittenMessages unwritten;
    private final int charsPerUnit;

    MessageSink(MessageTable table, UnwrittenMessages unwritten, int charsPerUnit) {
        this.table = table;
        this.unwritten = unwritten;
        this.charsPerUnit = charsPerUnit;
    }

    @Override
    public void write(List<Message> messages) throws RefusedRecordException {
        try {
            table.insert(messages);
        } catch (StorageException e) {
            if (e.code() == StorageException.Code.REFUSED) {
                throw new RefusedRecordException(e);
            }
            throw e;
        }
        unwritten.removeAll(messages);
    }

    @Override
    public int weigh(Message message) {
        int chars = message.text().length()
                + message.metadata().entrySet().stream()
                        .mapToInt(entry ->
                                entry.getKey().length() + entry.getValue().length())
                        .sum();
        return 1 + chars / charsPerUnit;
    }

    @Override
    public void refused(Message message, RefusedRecordException why) {
        unwritten.remove(message);
        Throwable cause = why.getCause();
        LOG.error(
                "{}: message {} is given up: {}",
                table.subject(),
                message.id(),
                cause == null ? why.getMessage() : cause.getMessage());
    }
}
