package io.memfuse.pool.r2dbc;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpResources;

/**
 * The channels that one login opens, and its session when it cancels, on the event loops that all of the JVM share. They are kept because the driver closes none
 * when a login is cancelled: at a host that accepts and never answers a socket would stay behind for each attempt. Thread-safe.
 *
 * <p>Reactor Netty keeps a resolver of names for ever for each hash code of such an object that it was given, with the first object
 * that had it. All of them have one hash code, therefore, and the first is none of a login.
 */
final class LoginChannels implements LoopResources {

    private static final int HASH = 0x4c6f67;

    static {
        // The one that is kept is made here, before there is a login; nothing is connected.
        TcpClient unused = TcpClient.newConnection().runOn(new LoginChannels());
    }

    private final LoopResources shared = TcpResources.get();
    private final List<Channel> opened = new CopyOnWriteArrayList<>();
    private volatile @Nullable Channel last;
    private volatile boolean over;

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
        C channel = shared.onChannel(type, group);
        if (channel instanceof DatagramChannel) {
            return channel; // Of a resolver, which is not this login's.
        }
        // The one that this driver was made for: with Netty 4.2's own, reading a Blob releases a buffer that is in use.
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        opened.add(channel);
        last = channel;
        channel.closeFuture().addListener(closed -> opened.remove(channel));
        if (over) {
            close(channel);
        }
        return channel;
    }

    /** Returns the one that the session is on: if there were several, those before it failed. */
    Channel last() {
        return Objects.requireNonNull(last, "no channel was opened");
    }

    /** Returns how many are open: a session that lives long cancels many times, each on a channel of its own. */
    int open() {
        return opened.size();
    }

    /** Ends the login. */
    void closeAll() {
        over = true;
        opened.forEach(LoginChannels::close);
    }

    private static void close(Channel channel) {
        if (channel.isRegistered()) {
            channel.close();
        } else {
            // No event loop has it yet, and none will take one that is closed.
            channel.unsafe().closeForcibly();
        }
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return shared.onServer(useNative);
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return shared.onClient(useNative);
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
        return shared.onChannelClass(type, group);
    }

    @Override
    public boolean daemon() {
        return shared.daemon();
    }

    /** See above. */
    @Override
    public int hashCode() {
        return HASH;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }
}
