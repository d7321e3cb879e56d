package io.memfuse.it.fault;

import io.memfuse.it.fault.Network.Direction;
import io.memfuse.it.fault.Network.Fault;
import io.memfuse.it.fault.Network.Phase;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** One connection through a network that may fail: a thread for each direction. Thread-safe. */
final class FaultyLink {

    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private final Socket client;
    private final Socket target = new Socket();
    private final Supplier<Network> network;
    private final ProtocolPhase protocol = new ProtocolPhase();
    private final AtomicInteger flowing = new AtomicInteger(2);
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean lossy;
    private final Thread up;
    private final Thread down;

    FaultyLink(Socket client, InetSocketAddress server, Supplier<Network> network) {
        this.client = client;
        this.network = network;
        this.down = thread("down", () -> pump(target, client, Direction.TO_CLIENT));
        this.up = thread("up", () -> connect(server));
    }

    private static Thread thread(String name, Runnable work) {
        var thread = new Thread(work, "fault-proxy-" + name);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        up.start();
    }

    boolean isOpen() {
        return !ended.get();
    }

    /** Tells whether something was swallowed, so that nothing comes of the connection any more. */
    boolean isLossy() {
        return lossy;
    }

    private void connect(InetSocketAddress server) {
        try {
            if (isPassed(Phase.CONNECT, Direction.TO_SERVER)) {
                target.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                target.connect(server);
                down.start();
                pump(client, target, Direction.TO_SERVER);
            } else {
                swallow(client);
                end(false);
            }
        } catch (IOException refused) {
            end(true);
        }
    }

    private void pump(Socket from, Socket to, Direction direction) {
        try {
            var buffer = new byte[16_384];
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                if (!pass(protocol.of(direction, buffer, read), direction, buffer, read, to)) {
                    swallow(from);
                    return;
                }
            }
            // Who swallows the last words also swallows that it was the last.
            if (direction == Direction.TO_CLIENT || isPassed(protocol.farewell(), direction)) {
                to.shutdownOutput();
            } else {
                lossy = true;
            }
        } catch (IOException hungUp) {
            end(true);
        } finally {
            if (flowing.decrementAndGet() == 0) {
                end(false);
            }
        }
    }

    /** Returns whether the connection goes on. */
    private boolean pass(Phase phase, Direction direction, byte[] data, int length, Socket to) throws IOException {
        OutputStream out = to.getOutputStream();
        Network now = network.get();
        if (now.strikes(phase, direction) && now.fault() instanceof Fault.Slow slow) {
            for (int i = 0; i < length; i++) {
                pause(Duration.ofSeconds(1).dividedBy(slow.bytesPerSecond()));
                out.write(data[i]);
            }
            return true;
        }
        if (now.strikes(phase, direction) && now.fault() instanceof Fault.Cut cut) {
            out.write(data, 0, Math.min(cut.afterBytes(), length));
            end(cut.reset());
            throw new IOException("cut off");
        }
        if (isPassed(phase, direction)) {
            out.write(data, 0, length);
            return true;
        }
        return false;
    }

    /** Waits as long as the network says; returns false if it never passes. */
    private boolean isPassed(Phase phase, Direction direction) throws IOException {
        Network now = network.get();
        if (now.strikes(phase, direction) && now.fault() instanceof Fault.Delay delay) {
            pause(delay.by());
        }
        while (now.strikes(phase, direction) && now.fault() instanceof Fault.Stall) {
            pause(Duration.ofNanos(PAUSE_NANOS));
            now = network.get();
        }
        if (now.strikes(phase, direction) && now.fault() instanceof Fault.Cut && phase == Phase.CONNECT) {
            throw new IOException("cut off");
        }
        return !(now.strikes(phase, direction) && now.fault() instanceof Fault.Swallow);
    }

    private void pause(Duration time) throws IOException {
        long untilNanos = System.nanoTime() + time.toNanos();
        while (untilNanos - System.nanoTime() > 0) {
            if (ended.get()) {
                throw new IOException("ended");
            }
            LockSupport.parkNanos(Math.min(PAUSE_NANOS, untilNanos - System.nanoTime()));
        }
    }

    /** Reads until nobody writes any more. */
    private void swallow(Socket from) throws IOException {
        lossy = true;
        from.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** Closes one direction as if its sender had; the other one goes on. */
    void halfClose(Direction direction) {
        try {
            (direction == Direction.TO_CLIENT ? client : target).shutdownOutput();
        } catch (IOException gone) {
            // It is closed altogether.
        }
    }

    /** Ends the connection on both sides. */
    void end(boolean reset) {
        if (ended.compareAndSet(false, true)) {
            end(client, reset);
            end(target, reset);
        }
    }

    private static void end(Socket socket, boolean reset) {
        try (socket) {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException gone) {
            // It was closed by the other side.
        }
    }

    /** Waits for the threads of a connection that was ended. */
    void join(Duration atMost) throws InterruptedException {
        up.join(atMost.toMillis());
        down.join(atMost.toMillis());
    }
}
