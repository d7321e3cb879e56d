package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void areForgottenAfterTheLogin() throws IOException {
        List<WeakReference<LoginChannels>> logins = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            logins.add(failToLogIn("localhost"));
            logins.add(failToLogIn("127.0.0.1"));
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return logins.stream().allMatch(login -> login.get() == null);
        });
    }

    private static WeakReference<LoginChannels> failToLogIn(String host) throws IOException {
        var login = new LoginChannels();
        var driver = new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                .host(host)
                .port(unusedPort())
                .username("user")
                .loopResources(login)
                .build());
        assertThatThrownBy(() -> driver.create().block(Duration.ofSeconds(10))).isInstanceOf(R2dbcException.class);
        return new WeakReference<>(login);
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void leaveTheResolverOfNamesItsOwn() {
        Channel resolver = channels.onChannel(DatagramChannel.class, group);
        try {
            channels.closeAll();

            assertThat(resolver.isOpen()).isTrue();
            assertThat(channels.open()).isZero();
        } finally {
            resolver.unsafe().closeForcibly();
        }
    }
}
