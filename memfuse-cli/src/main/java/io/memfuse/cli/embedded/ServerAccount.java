package io.memfuse.cli.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * As whom the programs of the server run. PostgreSQL refuses to run as root, so root starts them as {@code nobody}, or,
 * where it may not become somebody else, in a user namespace in which it is nobody.
 */
final class ServerAccount {

    private static final int ROOT = 0;
    private static final int NOBODY = 65_534;
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

    private final List<String> prefix;

    private ServerAccount(List<String> prefix) {
        this.prefix = prefix;
    }

    /**
     * Returns an account that may run PostgreSQL, write in {@code home} and run {@code program}; makes it the owner of
     * {@code home}.
     */
    static ServerAccount choose(Path home, Path program) throws IOException, InterruptedException {
        if (uid(home) != ROOT) {
            return new ServerAccount(List.of());
        }
        Files.setAttribute(home, "unix:uid", NOBODY);
        var nobody =
                new ServerAccount(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
        if (nobody.works(home, program)) {
            return nobody;
        }
        Files.setAttribute(home, "unix:uid", ROOT);
        var namespace = new ServerAccount(List.of("unshare", "--user", "--"));
        if (namespace.works(home, program)) {
            return namespace;
        }
        throw new EmbeddedPostgresException(
                "PostgreSQL refuses to run as root, and neither setpriv nor unshare works here to run it as another user; "
                        + "run as an ordinary user",
                null);
    }

    private static int uid(Path newFile) throws IOException {
        return (Integer) Files.getAttribute(newFile, "unix:uid");
    }

    private boolean works(Path home, Path program) throws InterruptedException {
        try {
            return Commands.run(
                            command(List.of(
                                    "sh",
                                    "-c",
                                    "test \"$(id -u)\" != 0 && test -w \"$0\" && test -x \"$1\"",
                                    home.toString(),
                                    program.toString())),
                            home,
                            PROBE_TIMEOUT)
                    .succeeded();
        } catch (IOException notThere) {
            return false;
        }
    }

    /** Hands a file that this process has written to the account. */
    void own(Path file, Path home) throws IOException {
        Files.setAttribute(file, "unix:uid", uid(home));
    }

    /** Returns the command that runs {@code command} as this account. */
    List<String> command(List<String> command) {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }
}
