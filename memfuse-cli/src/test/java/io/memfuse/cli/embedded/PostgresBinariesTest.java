package io.memfuse.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {

    private static final Platform HERE = Platform.current();

    @Test
    void unpacksOnceAndAgainIfItIsNotWhole(@TempDir Path parent) throws IOException {
        Path first = PostgresBinaries.locate(parent, HERE);
        FileTime unpacked = Files.getLastModifiedTime(first.resolve("bin/postgres"));

        Path second = PostgresBinaries.locate(parent, HERE);

        assertThat(second).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(second.resolve("bin/postgres"))).isEqualTo(unpacked);
        assertThat(Files.isExecutable(second.resolve("bin/initdb"))).isTrue();

        Files.delete(first.resolve("bin/pg_ctl"));

        assertThat(PostgresBinaries.locate(parent, HERE).resolve("bin/pg_ctl")).exists();
    }

    @Test
    void leavesOneDirectoryWhenTwoUnpackAtOnce(@TempDir Path parent) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Path> locate = () -> PostgresBinaries.locate(parent, HERE);
            for (Future<Path> located : threads.invokeAll(List.of(locate, locate))) {
                assertThat(located.get().resolve("bin/postgres")).exists();
            }
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> left = Files.list(parent)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void saysWhichMachinesItHasNoBuildFor(@TempDir Path parent) {
        assertThatThrownBy(() -> PostgresBinaries.locate(parent, Platform.of("Plan 9", "sparc", false)))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("there is none for plan_9 on sparc")
                .hasMessageContaining("--config");
    }
}
