package io.memfuse.config.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The password file of libpq: {@code PGPASSFILE}, or {@code .pgpass} in the home directory, with lines of
 * {@code host:port:database:user:password}. As libpq does, the first line that fits is taken, {@code *} stands for anything,
 * a backslash takes the next character as it is, and a file that others may read is not used, which is logged. The file is
 * read when it is first needed, and anew for each renewal. Not thread-safe but for renewals.
 */
public final class PasswordFile {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordFile.class);

    private static final int MAX_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OF_THE_OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Where PostgreSQL's sockets are unless they are told otherwise, which libpq takes for the local host. */
    private static final Set<String> LOCAL = Set.of("/tmp", "/var/run/postgresql");

    private final Path path;
    private @Nullable List<String> lines;

    /**
     * A line that fits.
     *
     * @param line its number, from 1
     */
    public record Match(String password, int line) {}

    /**
     * Who logs in where.
     *
     * @param host an IPv6 address without brackets; the directory of a Unix-domain socket
     */
    public record Login(String host, int port, String database, String user) {

        private List<String> fields(String as) {
            return List.of(as, Integer.toString(port), database, user);
        }
    }

    public PasswordFile(Path path) {
        this.path = path;
    }

    /** Returns the file that the environment names, whether or not there is one; empty if it names none. */
    public static Optional<PasswordFile> in(Map<String, String> environment) {
        try {
            String named = environment.getOrDefault("PGPASSFILE", "");
            String home = environment.getOrDefault("HOME", "");
            String windows = environment.getOrDefault("APPDATA", "");
            if (!named.isEmpty()) {
                return Optional.of(new PasswordFile(Path.of(named)));
            }
            if (!home.isEmpty()) {
                return Optional.of(new PasswordFile(Path.of(home, ".pgpass")));
            }
            return windows.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new PasswordFile(Path.of(windows, "postgresql", "pgpass.conf")));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    public Path path() {
        return path;
    }

    /** Returns the password of this login; empty if no line fits. */
    public Optional<Match> find(Login login) {
        if (lines == null) {
            lines = read();
        }
        Optional<Match> match = find(lines, login.fields(login.host));
        return match.isEmpty() && LOCAL.contains(login.host) ? find(lines, login.fields("localhost")) : match;
    }

    /** Returns the password of the first of these logins that has one, as the file has it now. */
    public Optional<String> findNow(List<Login> logins) {
        var now = new PasswordFile(path);
        return logins.stream()
                .flatMap(login -> now.find(login).stream())
                .map(Match::password)
                .findFirst();
    }

    private List<String> read() {
        try {
            // A pipe could keep the reader waiting for ever.
            if (!Files.isRegularFile(path)) {
                return List.of();
            }
            if (isOpenToOthers()) {
                LOG.warn("{}: not used, because others than its owner may use it; chmod 0600 it", path);
                return List.of();
            }
            try (InputStream in = Files.newInputStream(path)) {
                return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
            }
        } catch (IOException unreadable) {
            LOG.warn(
                    "{}: not used, because it cannot be read: {}",
                    path,
                    unreadable.getClass().getSimpleName());
            return List.of();
        }
    }

    private boolean isOpenToOthers() throws IOException {
        try {
            return !OF_THE_OWNER.containsAll(Files.getPosixFilePermissions(path));
        } catch (UnsupportedOperationException noPermissions) {
            return false;
        }
    }

    private static Optional<Match> find(List<String> lines, List<String> login) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            List<String> fields = line.startsWith("#") ? List.of() : fields(line);
            if (fields.size() > login.size() && fits(fields, login)) {
                return Optional.of(new Match(unescaped(fields.get(login.size())), i + 1));
            }
        }
        return Optional.empty();
    }

    private static boolean fits(List<String> fields, List<String> login) {
        for (int i = 0; i < login.size(); i++) {
            if (!fields.get(i).equals("*") && !unescaped(fields.get(i)).equals(login.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Splits at colons without a backslash before them, and leaves the backslashes: an escaped star is no wildcard. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= line.length(); i++) {
            if (i == line.length() || line.charAt(i) == ':') {
                fields.add(line.substring(start, i));
                start = i + 1;
            } else if (line.charAt(i) == '\\' && i + 1 < line.length()) {
                i++;
            }
        }
        return fields;
    }

    private static String unescaped(String field) {
        return field.replaceAll("\\\\(.)", "$1");
    }
}
