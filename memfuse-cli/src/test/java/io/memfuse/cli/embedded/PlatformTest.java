package io.memfuse.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, false, postgres-linux-x86_64.txz",
        "Linux, aarch64, false, postgres-linux-arm_64.txz",
        "Linux, amd64, true, postgres-linux-x86_64-alpine_linux.txz",
        "Mac OS X, aarch64, false, postgres-darwin-arm_64.txz",
        "Mac OS X, x86_64, false, postgres-darwin-x86_64.txz",
    })
    void namesTheArchiveAsItsBuildersDo(String osName, String osArch, boolean alpine, String archive) {
        assertThat(Platform.of(osName, osArch, alpine).archive()).isEqualTo(archive);
    }

    @Test
    void hasABuildForBothLinuxProcessorsOnItsClassPath() {
        ClassLoader loader = Platform.class.getClassLoader();

        assertThat(loader.getResource(Platform.of("Linux", "amd64", false).archive()))
                .isNotNull();
        assertThat(loader.getResource(Platform.of("Linux", "aarch64", false).archive()))
                .isNotNull();
    }
}
