package io.memfuse.bench.rounds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server that lets clients connect and never says anything. Thread-safe. */
final class SilentServer implements AutoCloseable {

    private static final int BACKLOG = 512;

    /** Never accepted from: the system completes the connections that wait there. */
    private final ServerSocket socket;

    SilentServer() {
        try {
            socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Connects and waits for an answer that does not come. */
    void waitForAnswer(int timeoutMillis) {
        try (var client = new Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), timeoutMillis);
            client.setSoTimeout(timeoutMillis);
            client.getInputStream().read();
        } catch (IOException timeout) {
            // As was to be expected.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
