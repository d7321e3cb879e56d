package io.memfuse.pool.r2dbc;

import io.memfuse.core.time.Durations;
import io.memfuse.core.time.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose server owes an answer and says nothing for too long: the driver would wait for ever, and TCP finds out
 * after hours that there is nobody, if at all. The server owes something from whatever it is sent until it says that it is ready
 * again. A borrower who takes his time to read what has come is no silence of the server's.
 *
 * <p>Stands behind the driver's decoder, so that it sees one message of the server's at a time. Used by the channel's event loop
 * only.
 */
final class SilenceHandler extends ChannelDuplexHandler {

    /** Reactor Netty's last handler, before which all others stand. */
    private static final String BRIDGE = "reactor.right.reactiveBridge";

    private static final byte READY_FOR_QUERY = 'Z';

    private final Duration limit;
    private final Ticker ticker;
    private boolean owed;
    private boolean watched;
    private long heardNanos;

    SilenceHandler(Duration limit, Ticker ticker) {
        this.limit = limit;
        this.ticker = ticker;
    }

    /** Watches over a channel that has logged in. */
    static void watch(Channel channel, Duration limit, Ticker ticker) {
        channel.pipeline().addBefore(BRIDGE, "memfuse.silence", new SilenceHandler(limit, ticker));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        owed = true;
        heardNanos = ticker.nanoTime();
        look(context, limit.toNanos());
        context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf buffer && buffer.isReadable()) {
            owed &= buffer.getByte(buffer.readerIndex()) != READY_FOR_QUERY;
            heardNanos = ticker.nanoTime();
        }
        context.fireChannelRead(message);
    }

    /** At most one timer for each channel, however much is sent. */
    private void look(ChannelHandlerContext context, long inNanos) {
        if (!watched) {
            watched = true;
            context.executor().schedule(() -> lookNow(context), inNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void lookNow(ChannelHandlerContext context) {
        watched = false;
        if (!owed || !context.channel().isActive()) {
            return;
        }
        long leftNanos = limit.toNanos() - (ticker.nanoTime() - heardNanos);
        boolean isRead = context.channel().config().isAutoRead();
        if (leftNanos > 0 || !isRead) {
            look(context, isRead ? leftNanos : limit.toNanos());
            return;
        }
        context.fireExceptionCaught(new SocketTimeoutException(
                "the server did not answer for " + Durations.format(limit) + ", and the connection was given up"));
        context.close();
    }
}
