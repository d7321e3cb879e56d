package io.memfuse.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {

    private static Connection connect(EmbeddedPostgres server, String database, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.port() + "/" + database, EmbeddedPostgres.USER, password);
    }

    private static List<Path> dataDirectories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("memfuse-postgres-data-"))
                    .toList();
        }
    }

    @Nested
    class Started {

        @Test
        void hasTheDatabasesThatWereAskedFor() throws Exception {
            try (EmbeddedPostgres server = EmbeddedPostgres.start(Ports.free(), List.of("memfuse", "odd \" name"));
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
            try (EmbeddedPostgres server = EmbeddedPostgres.start(Ports.free(), List.of())) {
                assertThatThrownBy(() -> connect(server, "postgres", "not the password"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            }
        }

        @Test
        void listensElsewhereWhenThePortIsTaken() throws Exception {
            try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    EmbeddedPostgres server = EmbeddedPostgres.start(taken.getLocalPort(), List.of())) {
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
            List<Path> before = dataDirectories();
            EmbeddedPostgres server = EmbeddedPostgres.start(Ports.free(), List.of());
            assertThat(dataDirectories()).hasSize(before.size() + 1);

            server.close();
            server.close();

            assertThat(dataDirectories()).isEqualTo(before);
            assertThat(Ports.isFree(server.port())).isTrue();
        }

        @Test
        void isDoneWithAnInterruptPending() throws Exception {
            List<Path> before = dataDirectories();
            EmbeddedPostgres server = EmbeddedPostgres.start(Ports.free(), List.of());

            Thread.currentThread().interrupt();
            server.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(dataDirectories()).isEqualTo(before);
        }
    }

    @Nested
    class Interrupted {

        @Test
        void leavesNothingOfAStart() throws Exception {
            List<Path> before = dataDirectories();

            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> EmbeddedPostgres.start(Ports.free(), List.of()))
                    .isInstanceOf(InterruptedException.class);
            assertThat(dataDirectories()).isEqualTo(before);
        }
    }
}
