package io.memfuse.cli.stress;

import io.memfuse.core.service.ServiceCache;
import io.memfuse.services.memory.MemoryService;
import io.memfuse.services.memory.Message;
import java.util.Map;
import java.util.Optional;

/**
 * The request that a stress test makes again and again: the user's memory service from the cache, append one message, read
 * it back. Thread-safe.
 */
final class MemoryRequests implements Load.Task {

    /**
     * As many as a client reads that continues a conversation. A message that the buffer still holds would be found
     * without the server; its recent messages are not, so that each request borrows a connection.
     */
    private static final int RECENT = 10;

    private final ServiceCache services;
    private final String user;
    private final Latencies serviceAccess = new Latencies();
    private final Latencies whole = new Latencies();
    private final ErrorLog errors = new ErrorLog();

    MemoryRequests(ServiceCache services, String user) {
        this.services = services;
        this.user = user;
    }

    @Override
    public void run(int number) throws InterruptedException {
        long startNanos = System.nanoTime();
        try {
            MemoryService memory = services.get(user, MemoryService.class);
            serviceAccess.record(System.nanoTime() - startNanos);
            appendAndReadBack(memory, number);
        } catch (RuntimeException e) {
            errors.add(e);
        } finally {
            whole.record(System.nanoTime() - startNanos);
        }
    }

    private void appendAndReadBack(MemoryService memory, int number) throws InterruptedException {
        Message appended =
                memory.append("user", "message " + number + " of a stress test", Map.of("number", "" + number));
        boolean isRecent = memory.recent(RECENT).contains(appended);
        Optional<Message> found = isRecent ? Optional.of(appended) : memory.get(appended.id());
        if (found.isEmpty()) {
            errors.add("a message that was appended could not be read back");
        } else if (!found.get().equals(appended)) {
            errors.add("a message was read back with another content");
        }
    }

    Latencies serviceAccess() {
        return serviceAccess;
    }

    Latencies whole() {
        return whole;
    }

    ErrorLog errors() {
        return errors;
    }
}
