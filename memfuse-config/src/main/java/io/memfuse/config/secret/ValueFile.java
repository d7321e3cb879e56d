package io.memfuse.config.secret;

import io.memfuse.config.value.Problems;
import io.memfuse.config.yaml.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small file with one value on its first line, such as a secret that a container is given. No message shows the content;
 * nor the path: what looks like one may be a part of a password.
 */
final class ValueFile {

    /** Bytes in a file. */
    static final int MAX_BYTES = 64 << 10;

    private static final String SUBJECT = "the file that '${file:...}' names ";

    private final Place place;
    private final Problems problems;

    /** @param place where the file is named */
    ValueFile(Place place, Problems problems) {
        this.place = place;
        this.problems = problems;
    }

    /** Returns the first line, without blanks around it; empty if there is none to be had, which is then reported. */
    Optional<String> firstLine(String path) {
        try {
            return firstLine(Path.of(path));
        } catch (InvalidPathException notAPath) {
            return refuse("has no valid path", "check the path");
        } catch (CharacterCodingException notUtf8) {
            return refuse("is not UTF-8", "save it as UTF-8");
        } catch (AccessDeniedException denied) {
            return refuse("may not be read by this user", "check its permissions");
        } catch (IOException unreadable) {
            return refuse("cannot be read: " + unreadable.getClass().getSimpleName(), "check the path");
        }
    }

    private Optional<String> firstLine(Path file) throws IOException {
        if (Files.notExists(file)) {
            return refuse(
                    "does not exist",
                    file.isAbsolute() ? "check the path" : "check the path, which begins at the working directory");
        }
        // A pipe could keep the reader waiting for ever.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return refuse("is not an ordinary file", "name a file with the value on its first line");
        }
        byte[] bytes = read(file);
        if (bytes.length > MAX_BYTES) {
            return refuse("is larger than " + MAX_BYTES / 1024 + " KiB", "check that it is the right file");
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        Optional<String> line = text.lines().findFirst().map(String::strip).filter(found -> !found.isEmpty());
        return line.isPresent() ? line : refuse("has nothing on its first line", "write the value there");
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    private Optional<String> refuse(String what, String hint) {
        problems.add(place, SUBJECT + what, hint);
        return Optional.empty();
    }
}
