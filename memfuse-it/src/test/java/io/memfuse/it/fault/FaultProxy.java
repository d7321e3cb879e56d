package io.memfuse.it.fault;

import io.memfuse.it.TestServer;
import io.memfuse.it.fault.Network.Direction;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between client and server, and is the {@link Network} that it is told to be, from one moment to the next: for the
 * connections that there are and for those to come. Listens on one port of the loopback address as long as it lives. Thread-safe.
 */
public final class FaultProxy implements Closeable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final InetSocketAddress server;
    private final Set<FaultyLink> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final int port;
    private volatile Network network = Network.WELL;
    private ServerSocket listener;
    private Thread acceptor;
    private boolean closed;

    /** Starts to listen. */
    public FaultProxy(String serverHost, int serverPort) {
        server = new InetSocketAddress(serverHost, serverPort);
        listener = listen(0);
        port = listener.getLocalPort();
        acceptor = accept(listener);
    }

    /** Starts to listen before the server of the tests. */
    public static FaultProxy before(TestServer server) {
        return new FaultProxy(server.host(), server.port());
    }

    /** Returns the host to connect to. */
    public String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** Returns the port to connect to. */
    public int port() {
        return port;
    }

    /** Is that network from now on. */
    public void be(Network newNetwork) {
        network = newNetwork;
    }

    /** Ends all connections by a reset. */
    public void reset() {
        links.forEach(link -> link.end(true));
    }

    /** Ends by a reset the connections of which something was swallowed, as a firewall does, some day, with what is silent. */
    public void forget() {
        links.stream().filter(FaultyLink::isLossy).forEach(link -> link.end(true));
    }

    /** Closes one direction of all connections. */
    public void halfClose(Direction direction) {
        links.forEach(link -> link.halfClose(direction));
    }

    /** Refuses who connects from now on; those who are connected stay. */
    public synchronized void refuse() {
        try {
            listener.close();
            acceptor.join(CLOSE_TIMEOUT.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Is well again: passes everything, and listens if it refused. */
    public synchronized void heal() {
        be(Network.WELL);
        if (listener.isClosed() && !closed) {
            listener = listen(port);
            acceptor = accept(listener);
        }
    }

    /** Returns how many clients have connected so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Returns the number of connections that are open. */
    public int connections() {
        return (int) links.stream().filter(FaultyLink::isOpen).count();
    }

    private static ServerSocket listen(int onPort) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 200);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Thread accept(ServerSocket on) {
        var thread = new Thread(() -> acceptAll(on), "fault-proxy-accept");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void acceptAll(ServerSocket on) {
        while (!on.isClosed()) {
            try {
                Socket client = on.accept();
                accepted.incrementAndGet();
                links.removeIf(link -> !link.isOpen());
                var link = new FaultyLink(client, server, () -> network);
                links.add(link);
                link.start();
            } catch (IOException closed) {
                // It refuses from now on.
            }
        }
    }

    /** Ends all connections, and waits for its threads. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            refuse();
        }
        try {
            for (FaultyLink link : links) {
                link.end(true);
            }
            for (FaultyLink link : links) {
                link.join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
