package io.memfuse.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("memfuse.yaml"), "one");
    }

    @Test
    void tellsAChangeOnceAndWhenItStays() throws IOException {
        var watch = new FileWatch(file);
        assertThat(watch.changed()).isFalse();
        Files.writeString(file, "two");
        assertThat(watch.changed()).as("may be half written").isFalse();
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    void waitsUntilWhoeverWritesHasFinished() throws IOException {
        var watch = new FileWatch(file);
        for (String more : new String[] {"t", "w", "o"}) {
            Files.writeString(file, more, StandardOpenOption.APPEND);
            assertThat(watch.changed()).isFalse();
        }
        assertThat(watch.changed()).isTrue();
    }

    @Test
    void tellsNothingWhenTheFormerContentIsBack() throws IOException {
        var watch = new FileWatch(file);
        Files.writeString(file, "two");
        assertThat(watch.changed()).isFalse();
        Files.writeString(file, "one");
        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    void seesAFileThatIsRenamedOverIt() throws IOException {
        var watch = new FileWatch(file);
        Path next = Files.writeString(folder.resolve("next"), "two");
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isTrue();
    }

    /** As Kubernetes mounts a ConfigMap: the file is a link into a folder that is a link itself. */
    @Test
    void seesALinkOnTheWayToItThatLeadsElsewhere() throws IOException {
        for (String version : new String[] {"v1", "v2"}) {
            Files.writeString(Files.createDirectory(folder.resolve(version)).resolve("memfuse.yaml"), version);
        }
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
        Path mounted = Files.createSymbolicLink(folder.resolve("mounted.yaml"), Path.of("..data", "memfuse.yaml"));
        var watch = new FileWatch(mounted);
        Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("v2"));
        Files.move(next, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isTrue();
    }

    @Test
    void waitsForAFileThatIsAway() throws IOException {
        var watch = new FileWatch(file);
        Files.delete(file);
        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isFalse();
        Files.writeString(file, "two");
        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isTrue();
    }

    @Test
    void needsAFileToBeginWith() {
        assertThatThrownBy(() -> new FileWatch(folder.resolve("missing"))).isInstanceOf(IOException.class);
    }
}
