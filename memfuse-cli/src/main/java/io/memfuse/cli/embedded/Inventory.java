package io.memfuse.cli.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The list of the files of a directory, kept in the directory, by which a later look sees that none is missing. */
final class Inventory {

    private static final String FILE = ".inventory";

    private Inventory() {}

    /** Writes the list, as the last file of the directory. */
    static void write(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<String> lines = files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> line(directory, file))
                    .toList();
            Files.write(directory.resolve(FILE), lines);
        }
    }

    /** Tells whether each file of the list is there, at its size. */
    static boolean matches(Path directory) throws IOException {
        Path list = directory.resolve(FILE);
        return Files.isReadable(list) && Files.readAllLines(list).stream().allMatch(line -> isThere(directory, line));
    }

    private static String line(Path directory, Path file) {
        try {
            return Files.size(file) + " " + directory.relativize(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(Path directory, String line) {
        int space = line.indexOf(' ');
        Path file = directory.resolve(line.substring(space + 1));
        try {
            return Files.size(file) == Long.parseLong(line, 0, space, 10);
        } catch (IOException missing) {
            return false;
        }
    }
}
