package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The channels of a session, one for each login and each cancelling of what it executes. */
@Timeout(30)
class LoginChannelsTest {

    private final LoginChannels channels = new LoginChannels();
    private final EventLoopGroup group = channels.onClient(false);

    @AfterEach
    void close() {
        channels.closeAll();
    }

    private Channel open() {
        Channel channel = channels.onChannel(SocketChannel.class, group);
        group.register(channel).syncUninterruptibly();
        return channel;
    }

    @Test
    void forgetsWhatIsClosedAndKnowsWhichTheSessionIsOn() {
        Channel session = open();
        assertThat(channels.last()).isSameAs(session);

        for (int i = 0; i < 100; i++) {
            open().close().syncUninterruptibly();
        }

        assertThat(channels.open()).isEqualTo(1);
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void closesAll() {
        Channel session = open();
        Channel cancelling = open();

        channels.closeAll();

        session.closeFuture().syncUninterruptibly();
        cancelling.closeFuture().syncUninterruptibly();
        // Who waits for a channel to close may be told before it is taken off the list, by its event loop.
        session.eventLoop().submit(() -> {}).syncUninterruptibly();
        cancelling.eventLoop().submit(() -> {}).syncUninterruptibly();
        assertThat(channels.open()).isZero();
    }

    @Test
    void closesWhatIsOpenedAfterwards() {
        channels.closeAll();

        Channel late = channels.onChannel(SocketChannel.class, group);

        assertThat(late.isOpen()).isFalse();
    }

    @Test
    void closesWhatNoEventLoopHasYet() {
        Channel early = channels.onChannel(SocketChannel.class, group);

        channels.closeAll();

        assertThat(early.isOpen()).isFalse();
    }
}
