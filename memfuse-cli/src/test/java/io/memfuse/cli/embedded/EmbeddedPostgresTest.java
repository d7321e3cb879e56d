package io.memfuse.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

    private static Connection connect(EmbeddedPostgres server, String database, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.port() + "/" + database, EmbeddedPostgres.USER, password);
    }

    @TempDir
    private Path parent = Path.of("");

    /** As directories of temporary files are: the server may run as another user than the test. */
    @BeforeEach
    void letOthersPass() throws IOException {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Nested
    class Started {

        @Test
        void hasTheDatabasesThatWereAskedFor() throws Exception {
            try (EmbeddedPostgres server =
                            EmbeddedPostgres.start(parent, Ports.free(), List.of("memfuse", "odd \" name"));
                    Connection connection = connect(server, "postgres", EmbeddedPostgres.PASSWORD);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT count(*) FROM pg_database WHERE datname IN ('memfuse', 'odd \" name')")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(2);
            }
        }

        @Test
        void refusesAWrongPassword() throws Exception {
            try (EmbeddedPostgres server = EmbeddedPostgres.start(parent, Ports.free(), List.of())) {
                assertThatThrownBy(() -> connect(server, "postgres", "not the password"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            }
        }

        @Test
        void listensElsewhereWhenThePortIsTaken() throws Exception {
            try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    EmbeddedPostgres server = EmbeddedPostgres.start(parent, taken.getLocalPort(), List.of())) {
                assertThat(server.port()).isNotEqualTo(taken.getLocalPort());
                try (Connection connection = connect(server, "postgres", EmbeddedPostgres.PASSWORD)) {
                    assertThat(connection.isValid(10)).isTrue();
                }
            }
        }
    }

    @Nested
    class Closed {

        @Test
        void leavesNeitherDataNorAListener() throws Exception {
            EmbeddedPostgres server = EmbeddedPostgres.start(parent, Ports.free(), List.of());
            assertThat(parent).isNotEmptyDirectory();

            server.close();
            server.close();

            assertThat(parent).isEmptyDirectory();
            assertThat(Ports.isFree(server.port())).isTrue();
        }

        @Test
        void isDoneWithAnInterruptPending() throws Exception {
            EmbeddedPostgres server = EmbeddedPostgres.start(parent, Ports.free(), List.of());

            Thread.currentThread().interrupt();
            server.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(parent).isEmptyDirectory();
        }
    }

    @Nested
    class Interrupted {

        @Test
        void leavesNothingOfAStart() {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> EmbeddedPostgres.start(parent, Ports.free(), List.of()))
                    .isInstanceOf(InterruptedException.class);
            assertThat(parent).isEmptyDirectory();
        }
    }
}
