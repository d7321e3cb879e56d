package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that owes an answer and says nothing, and everything that is not that. */
class SilenceHandlerTest {

    private final AtomicLong nanos = new AtomicLong();
    private @Nullable Throwable failure;
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new SilenceHandler(Duration.ofSeconds(10), nanos::get), new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    failure = cause;
                }
            });

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void ask() {
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[] {'Q', 0, 0, 0, 4}));
    }

    private void hear(char type) {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) type, 0, 0, 0, 4}));
    }

    private void pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void endsWhenTheServerIsSilent() {
        ask();
        pass(9);
        assertThat(channel.isOpen()).isTrue();
        pass(2);

        assertThat(channel.isOpen()).isFalse();
        assertThat(failure).isInstanceOf(SocketTimeoutException.class).hasMessageContaining("did not answer for 10");
    }

    @Test
    void endsWhenTheServerFallsSilentInTheMiddleOfAnAnswer() {
        ask();
        pass(8);
        hear('D');
        pass(9);
        assertThat(channel.isOpen()).isTrue();
        pass(2);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void staysWhenTheServerIsReady() {
        ask();
        hear('D');
        hear('Z');
        pass(30);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void watchesEachQuestion() {
        ask();
        hear('Z');
        pass(15);
        ask();
        pass(9);
        assertThat(channel.isOpen()).isTrue();
        pass(2);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void staysWhileTheBorrowerDoesNotRead() {
        ask();
        channel.config().setAutoRead(false);
        pass(30);
        assertThat(channel.isOpen()).isTrue();

        channel.config().setAutoRead(true);
        hear('D');
        pass(9);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void staysWhileNothingIsAsked() {
        hear('A');
        pass(30);

        assertThat(channel.isOpen()).isTrue();
    }
}
