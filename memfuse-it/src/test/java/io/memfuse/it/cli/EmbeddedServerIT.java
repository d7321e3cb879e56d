package io.memfuse.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server that the program starts for the default configuration: one for each run, and none after it. */
class EmbeddedServerIT {

    private static final Pattern PORT = Pattern.compile("listens on localhost:(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder = Path.of("");

    private CliRun serve() throws IOException {
        CliRun run = CliRun.start(folder, "run");
        await().atMost(PATIENCE).until(() -> run.err().contains("serving"));
        return run;
    }

    private static int port(CliRun run) throws IOException {
        Matcher matcher = PORT.matcher(run.err());
        assertThat(matcher.find()).as(run.err()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void isStoppedWhenTheProgramIsKilled() throws Exception {
        CliRun run = serve();
        int port = port(run);

        run.kill();
        run.await();

        await().atMost(PATIENCE).until(() -> !answers(port));
    }

    @Test
    void isStoppedAndItsDataRemovedWhenTheWholeProcessGroupIsKilled() throws Exception {
        CliRun run = CliRun.startInAGroup(folder, "run");
        await().atMost(PATIENCE).until(() -> run.err().contains("serving"));
        int port = port(run);
        Path data = dataDirectory(port);
        assertThat(data).isDirectory();

        run.killGroup();
        run.await();

        await().atMost(PATIENCE).until(() -> !answers(port));
        await().atMost(PATIENCE).until(() -> Files.notExists(data.getParent()));
    }

    private static Path dataDirectory(int port) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        }
    }

    @Test
    void isAnotherOneForEachRunAndStoppedWhenThatIsToldToEnd() throws Exception {
        CliRun first = serve();
        CliRun second = serve();
        int ofFirst = port(first);
        int ofSecond = port(second);
        assertThat(ofFirst).isNotEqualTo(ofSecond);

        first.terminate();
        first.await();

        assertThat(first.status()).isZero();
        assertThat(answers(ofFirst)).isFalse();
        assertThat(answers(ofSecond)).isTrue();
        second.terminate();
        second.await();
        assertThat(second.status()).isZero();
        assertThat(answers(ofSecond)).isFalse();
    }

    @Test
    void isReportedInLinesWhereThereIsNoTerminal() throws Exception {
        CliRun run = CliRun.complete(folder, "run", "--once");

        assertThat(run.status()).isZero();
        assertThat(run.err())
                .contains("starting an embedded PostgreSQL")
                .contains("warming pool hikari://postgres@localhost:")
                .contains("service memory of default_user: READY")
                .doesNotContain("\u001b");
        assertThat(run.out()).containsPattern("ready in \\d+ ms");
    }
}
