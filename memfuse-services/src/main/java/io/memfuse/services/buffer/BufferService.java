package io.memfuse.services.buffer;

/**
 * Write-behind, for one user. Each kind of record has a channel of its own, with a queue and a sink; the channels of a user
 * are written one at a time, so that a user never takes more than one connection for it. Thread-safe.
 */
public interface BufferService {

    /**
     * Opens a channel. Close it when it is no longer needed; closing the service closes all.
     *
     * @param name what is written, such as {@code messages}, for messages and logs
     * @param sink writes the records
     * @throws BufferException if the service is closed
     */
    <R> BufferChannel<R> open(String name, BufferSink<R> sink);
}
