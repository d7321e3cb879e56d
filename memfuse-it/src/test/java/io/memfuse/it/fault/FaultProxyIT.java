package io.memfuse.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.Network.Direction;
import io.memfuse.it.fault.Network.Phase;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGProperty;

/** The network that fails on request: what the campaign relies on. */
@Timeout(30)
class FaultProxyIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final int PATIENCE_MILLIS = 300;

    @AfterEach
    void leavesNoThread() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("fault-proxy"));
    }

    /** Before a server that says everything again. */
    @Nested
    class BeforeAnEcho {

        private ServerSocket echo;
        private FaultProxy proxy;
        private Socket client;

        @BeforeEach
        void start() throws IOException {
            echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            var thread = new Thread(this::accept, "echo");
            thread.setDaemon(true);
            thread.start();
            proxy = new FaultProxy(echo.getInetAddress().getHostAddress(), echo.getLocalPort());
            client = connect();
        }

        @AfterEach
        void stop() throws IOException {
            long startNanos = System.nanoTime();
            proxy.close();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(1));
            client.close();
            echo.close();
        }

        private void accept() {
            while (!echo.isClosed()) {
                try {
                    Socket one = echo.accept();
                    var thread = new Thread(() -> echo(one), "echo-one");
                    thread.setDaemon(true);
                    thread.start();
                } catch (IOException closed) {
                    // The test is over.
                }
            }
        }

        private static void echo(Socket one) {
            try (one) {
                one.getInputStream().transferTo(one.getOutputStream());
            } catch (IOException gone) {
                // The proxy ended it.
            }
        }

        private Socket connect() throws IOException {
            var socket = new Socket(proxy.host(), proxy.port());
            socket.setSoTimeout(PATIENCE_MILLIS);
            return socket;
        }

        private static int say(Socket socket, int word) throws IOException {
            socket.getOutputStream().write(word);
            return socket.getInputStream().read();
        }

        private static Duration time(Socket socket) throws IOException {
            long startNanos = System.nanoTime();
            assertThat(say(socket, 1)).isEqualTo(1);
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }

        @Test
        void passesEverythingWhenWell() throws IOException {
            assertThat(say(client, 7)).isEqualTo(7);
            assertThat(proxy.accepted()).isEqualTo(1);
            assertThat(proxy.connections()).isEqualTo(1);
        }

        @Test
        void passesThatTheClientCloses() throws IOException {
            assertThat(say(client, 7)).isEqualTo(7);
            client.shutdownOutput();

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            await().until(() -> proxy.connections() == 0);
        }

        @Test
        void delays() throws IOException {
            client.setSoTimeout(5_000);
            proxy.be(Network.late(Duration.ofMillis(100)));

            assertThat(time(client)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }

        @Test
        void isSlow() throws IOException {
            client.setSoTimeout(5_000);
            proxy.be(Network.slow(10));

            assertThat(time(client)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }

        @Test
        void holdsBackAndPassesLater() throws IOException {
            proxy.be(Network.stalled());

            assertThatThrownBy(() -> say(client, 7)).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }

        @Test
        void swallowsForGoodWhatIsSaidIntoABlackHole() throws IOException {
            proxy.be(Network.blackHole(Phase.LOGIN));

            assertThatThrownBy(() -> say(client, 7)).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            assertThatThrownBy(() -> say(client, 8)).isInstanceOf(SocketTimeoutException.class);
            try (Socket next = connect()) {
                assertThat(say(next, 9)).isEqualTo(9);
            }
        }

        @Test
        void acceptsIntoABlackHole() throws IOException {
            assertThat(say(client, 5)).isEqualTo(5);
            proxy.be(Network.blackHole(Phase.CONNECT));

            assertThat(say(client, 6)).as("who was connected").isEqualTo(6);
            try (Socket next = connect()) {
                assertThatThrownBy(() -> say(next, 7)).isInstanceOf(SocketTimeoutException.class);
            }
        }

        @Test
        void resets() throws IOException {
            assertThat(say(client, 7)).isEqualTo(7);
            proxy.reset();

            assertThatThrownBy(() -> say(client, 8)).isInstanceOf(SocketException.class);
        }

        @Test
        void closesOneDirection() throws IOException {
            assertThat(say(client, 7)).isEqualTo(7);
            proxy.halfClose(Direction.TO_CLIENT);

            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }

        @Test
        void refusesAndListensOnTheSamePortAgain() throws IOException {
            assertThat(say(client, 5)).isEqualTo(5);
            proxy.refuse();

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(say(client, 6)).as("who was connected").isEqualTo(6);
            proxy.heal();
            try (Socket next = connect()) {
                assertThat(say(next, 7)).isEqualTo(7);
            }
        }
    }

    /** Before PostgreSQL, whose protocol it understands as far as it needs. */
    @Nested
    class BeforeAServer {

        private final FaultProxy proxy =
                new FaultProxy(DATABASE.server().host(), DATABASE.server().port());

        @AfterEach
        void stop() {
            proxy.close();
            await().until(() -> DATABASE.backends().count() == 0);
        }

        private Connection connect() throws SQLException {
            var login = new Properties();
            PGProperty.USER.set(login, DATABASE.server().user());
            PGProperty.PASSWORD.set(login, DATABASE.server().password());
            PGProperty.SOCKET_TIMEOUT.set(login, 1);
            PGProperty.SSL_MODE.set(login, "disable");
            return DriverManager.getConnection(
                    "jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/" + DATABASE.name(), login);
        }

        private static void ask(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        }

        @Test
        void failsInTheLoginAlone() throws SQLException {
            try (Connection connection = connect()) {
                proxy.be(Network.blackHole(Phase.LOGIN));

                ask(connection);
                assertThatThrownBy(this::connect).hasRootCauseInstanceOf(SocketTimeoutException.class);
            }
        }

        @Test
        void failsInTheSessionAlone() throws SQLException {
            try (Connection connection = connect()) {
                proxy.be(Network.blackHole(Phase.SESSION));

                assertThatThrownBy(() -> ask(connection)).hasRootCauseInstanceOf(SocketTimeoutException.class);
            }
        }

        @Test
        void failsInTheValidationAlone() throws SQLException {
            proxy.be(Network.blackHole(Phase.VALIDATION));

            try (Connection connection = connect()) {
                ask(connection);
                assertThat(connection.isValid(1)).isFalse();
            }
        }

        @Test
        void failsInTheCloseAlone() throws SQLException {
            proxy.be(Network.blackHole(Phase.CLOSE));

            try (Connection connection = connect()) {
                ask(connection);
            }
            assertThat(DATABASE.backends().count())
                    .as("the server does not know")
                    .isEqualTo(1);
        }

        @Test
        void endsInTheMiddleOfAnAnswer() throws SQLException {
            try (Connection connection = connect()) {
                proxy.be(Network.cutting(3, false));

                assertThatThrownBy(() -> ask(connection))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("08006"));
            }
        }
    }
}
