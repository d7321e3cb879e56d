package io.memfuse.cli.stress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The threads that the JDK starts for virtual threads when they first run, sleep and wait for a socket, and then keeps.
 * Started before the threads are counted, so that the count says what the program left behind and not what the JDK keeps.
 */
final class JdkThreads {

    private static final int TIMEOUT_SECONDS = 5;

    private JdkThreads() {}

    /** Starts them, by doing each of these in a virtual thread. */
    static void start() throws InterruptedException {
        int carriers = Runtime.getRuntime().availableProcessors();
        var running = new CountDownLatch(carriers);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        Load.run(carriers, carriers, number -> {
            running.countDown();
            // A thread that waits gives up its carrier; one that spins keeps it, so that each is given one of its own.
            while (running.getCount() > 0 && System.nanoTime() < endNanos) {
                Thread.onSpinWait();
            }
            Thread.sleep(1);
            waitForASocket();
        });
    }

    private static void waitForASocket() {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.setTcpNoDelay(true);
            accepted.setSoTimeout(1);
            accepted.getInputStream().read();
        } catch (IOException timeout) {
            // The read was to wait in vain.
        }
    }
}
