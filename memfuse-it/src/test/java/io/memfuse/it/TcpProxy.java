package io.memfuse.it;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between client and server, and fails on request. Listens on a port of the loopback address; forwards each
 * connection to the target until told otherwise. Thread-safe.
 */
public final class TcpProxy implements Closeable {

    private final String targetHost;
    private final int targetPort;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean stalled;
    private volatile boolean hangingUp;

    /** Starts to listen. */
    public TcpProxy(TestServer target) {
        this.targetHost = target.host();
        this.targetPort = target.port();
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    /** Returns the host to connect to. */
    public String host() {
        return server.getInetAddress().getHostAddress();
    }

    /** Returns the port to connect to. */
    public int port() {
        return server.getLocalPort();
    }

    /** Accepts from now on without ever answering. What is connected stays. */
    public void stall() {
        stalled = true;
    }

    /** Forwards again what connects from now on. */
    public void recover() {
        stalled = false;
    }

    /** Ends all connections, and hangs up on whoever connects from now on. */
    public void cutOff() {
        hangingUp = true;
        sockets.forEach(TcpProxy::close);
    }

    /** Returns how many clients have connected so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Returns the number of client connections that are open. */
    public int connections() {
        return (int) sockets.stream()
                .filter(socket -> !socket.isClosed() && socket.getLocalPort() == port())
                .count();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                accepted.incrementAndGet();
                sockets.add(client);
                if (hangingUp) {
                    client.close();
                } else if (!stalled) {
                    var target = new Socket(targetHost, targetPort);
                    sockets.add(target);
                    start("up", () -> pump(client, target));
                    start("down", () -> pump(target, client));
                }
            } catch (IOException closed) {
                // The proxy is closed, or the target refuses: the client sees its connection end.
            }
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // One side hung up; the other is told by closing.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Runnable work) {
        var thread = new Thread(work, "tcp-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        refuse();
    }

    /** Ends all connections, and refuses new ones for good. */
    public void refuse() {
        try {
            server.close();
            sockets.forEach(TcpProxy::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
