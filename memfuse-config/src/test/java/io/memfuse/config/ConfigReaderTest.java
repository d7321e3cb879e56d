package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

    @TempDir
    Path folder = Path.of("");

    @Test
    void readsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "connection_pool: {warmup_configs: [{database: a}]}");

        assertThat(MemFuseConfig.load(file).connectionPool().warmupConfigs())
                .extracting(DatabaseConfig::name)
                .containsExactly("a");
    }

    @Test
    void readsAFileWithAByteOrderMark() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "\uFEFFconnection_pool: {}");

        assertThat(MemFuseConfig.load(file).connectionPool()).isEqualTo(ConnectionPoolConfig.EMPTY);
    }

    /** The parser reads in pieces: a character of two halves may stand anywhere, also across two of them. */
    @Test
    void readsAFileWithASmileyWhereverItStands() {
        for (int before = 0; before < 2_100; before++) {
            String text = "#" + "x".repeat(before) + "😀\nconnection_pool: {max_open_pools: 7}\n";

            assertThat(Yaml.read(text).connectionPool().openPools().maxOpenPools())
                    .as("%d before it", before)
                    .isEqualTo(7);
        }
    }

    @Test
    void saysThatTheFileIsMissing() {
        Path file = folder.resolve("none.yaml");

        assertThatThrownBy(() -> MemFuseConfig.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("[MemFuse/ConfigInvalid] the configuration has a problem:\n  " + file
                        + ": there is no such file; check the path");
    }

    @Test
    void saysThatTheFileIsADirectory() {
        assertThatThrownBy(() -> MemFuseConfig.load(folder))
                .hasMessageEndingWith(folder + ": is a directory; name the file in it");
    }

    @Test
    void readsNoMoreThanAnyConfigurationNeeds() throws IOException {
        byte[] bytes = new byte[(1 << 20) + 1];
        Arrays.fill(bytes, (byte) '#');
        Path file = Files.write(folder.resolve("large.yaml"), bytes);

        assertThatThrownBy(() -> MemFuseConfig.load(file)).hasMessageContaining("is larger than 1024 KiB");
    }

    @Test
    void reportsEverythingAtOnceInTheOrderOfTheFile() {
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> Yaml.read("""
                        defaults:
                          timeout: never
                        connection_pool:
                          warmup_configs:
                            - prot: 5432
                          precache_configs:
                            - services: []
                        """));

        assertThat(failure.problems()).extracting(Problem::line).containsExactly(2, 5, 5, 7);
        assertThat(failure)
                .hasMessageStartingWith(
                        "[MemFuse/ConfigInvalid] the configuration has 4 problems:\n  memfuse.yaml:2:12: ")
                .hasMessageContaining("\n  memfuse.yaml:5:7: connection_pool.warmup_configs[0].prot: "
                        + "unknown key; did you mean 'port'?\n");
    }
}
