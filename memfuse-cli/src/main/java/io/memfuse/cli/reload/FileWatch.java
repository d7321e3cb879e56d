package io.memfuse.cli.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the content of a file is another one. It is read again each time: so it does not matter how the file is changed,
 * be it written in several steps, renamed over, or a link on the way to it directed elsewhere, nor on which file system it is.
 * Not thread-safe.
 */
final class FileWatch {

    private final Path file;

    /** What was told last. */
    private byte[] known;

    /** What the last look found. */
    private byte @Nullable [] seen;

    /** @throws IOException if the file cannot be read */
    FileWatch(Path file) throws IOException {
        this.file = file;
        this.known = Files.readAllBytes(file);
        this.seen = known;
    }

    /**
     * Looks at the file.
     *
     * @return true once for each content that is new and the same as at the look before: whoever writes has finished
     */
    boolean changed() {
        byte[] before = seen;
        byte[] now = read();
        seen = now;
        if (now == null || !Arrays.equals(now, before) || Arrays.equals(now, known)) {
            return false;
        }
        known = now;
        return true;
    }

    /** Returns null if there is none at the moment: it may be on its way. */
    private byte @Nullable [] read() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            return null;
        }
    }
}
