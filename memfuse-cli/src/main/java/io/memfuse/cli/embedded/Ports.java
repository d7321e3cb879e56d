package io.memfuse.cli.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of this machine. */
final class Ports {

    private Ports() {}

    /** Returns {@code preferred} if nobody listens there, else one where nobody does. */
    static int choose(int preferred) throws IOException {
        return isFree(preferred) ? preferred : free();
    }

    /** Tells whether nobody listens on the port at this moment, on either address of {@code localhost}. */
    static boolean isFree(int port) throws IOException {
        for (InetAddress address : InetAddress.getAllByName("localhost")) {
            if (!isFree(address, port)) {
                return false;
            }
        }
        return true;
    }

    /** Returns a port that was free a moment ago. */
    static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(InetAddress address, int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
