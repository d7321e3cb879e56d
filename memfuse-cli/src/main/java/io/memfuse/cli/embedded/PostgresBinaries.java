package io.memfuse.cli.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The programs of PostgreSQL, unpacked from the jar of this platform into a directory of the user's own, where the next
 * start finds them.
 *
 * <p>Safe for several programs at once, without a lock: each unpacks into a directory of its own and renames it to its
 * final name; who comes second uses what is there. A directory that is not whole (a cleaner of temporary files went through it)
 * or that belongs to somebody else is never used.
 */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /** Returns the directory of the programs of this platform, unpacked now if need be. */
    static Path locate(Path parent, Platform platform) throws IOException {
        URL archive = PostgresBinaries.class.getClassLoader().getResource(platform.archive());
        if (archive == null) {
            throw new EmbeddedPostgresException("there is none for " + platform, null);
        }
        Path home =
                parent.resolve("memfuse-postgres-" + System.getProperty("user.name", "user") + "-" + version(archive));
        if (!isUsable(home)) {
            unpack(archive, home);
        }
        return home;
    }

    /** The checksum that the jar keeps of the archive: costs no reading, and differs for each build. */
    private static String version(URL archive) throws IOException {
        var connection = (JarURLConnection) archive.openConnection();
        return Long.toHexString(connection.getJarEntry().getCrc());
    }

    private static boolean isUsable(Path home) throws IOException {
        return Files.isDirectory(home) && belongsToThisUser(home) && Inventory.matches(home);
    }

    private static boolean belongsToThisUser(Path home) throws IOException {
        Path own = Files.createTempFile("memfuse-owner", null);
        try {
            return Files.getOwner(home).equals(Files.getOwner(own));
        } finally {
            Files.delete(own);
        }
    }

    private static void unpack(URL archive, Path home) throws IOException {
        Path fresh =
                Files.createTempDirectory(Files.createDirectories(home.getParent()), "memfuse-postgres-unpacking-");
        try (InputStream in = archive.openStream()) {
            // The server may run as another user than the one that unpacks.
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            Archive.unpack(in, fresh);
            Inventory.write(fresh);
            publish(fresh, home);
        } finally {
            Trees.delete(fresh);
        }
    }

    private static void publish(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException taken) {
            if (isUsable(home)) {
                return;
            }
            Trees.delete(home);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
