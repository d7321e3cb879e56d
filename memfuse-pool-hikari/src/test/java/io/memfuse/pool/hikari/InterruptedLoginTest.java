package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A login at several hosts, on a thread that is interrupted meanwhile. */
@Timeout(60)
class InterruptedLoginTest {

    private static ServerSocket silent() throws Exception {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static PgDriver driver(ServerSocket first, ServerSocket second) {
        List<Endpoint> endpoints = List.of(
                new Endpoint("127.0.0.1", first.getLocalPort()), new Endpoint("127.0.0.1", second.getLocalPort()));
        return new PgDriver(PoolSpec.builder("hikari", "orders")
                .endpoints(new Endpoints(endpoints, TargetSessionAttrs.ANY, false))
                .sslMode(SslMode.DISABLE)
                .limits(PoolLimits.DEFAULTS.withTimeout(Duration.ofSeconds(3)))
                .build());
    }

    @Test
    void asksNoOtherHost() throws Exception {
        try (ServerSocket first = silent();
                ServerSocket second = silent()) {
            PgDriver driver = driver(first, second);
            var failure = new CompletableFuture<Throwable>();
            var login = new Thread(() -> {
                try {
                    driver.connect().close();
                } catch (SQLException e) {
                    failure.complete(e);
                }
            });
            login.start();
            try (Socket asked = first.accept()) {
                assertThat(asked.isConnected()).isTrue();
                login.interrupt();

                assertThat(failure.get(30, TimeUnit.SECONDS))
                        .hasMessageContaining("127.0.0.1:" + second.getLocalPort() + ": not tried");
            }
            login.join();
        }
    }
}
