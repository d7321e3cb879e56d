package io.memfuse.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What users get by importing memfuse-bom is what the tests here run with. */
class BomIT {

    private static final Pattern VERSION = Pattern.compile("<([a-z0-9-]+\\.version)>([^<]+)</\\1>");

    private static Map<String, String> versions(String pom) throws IOException {
        return VERSION.matcher(Files.readString(Path.of("..", pom)))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }

    @Test
    void hasTheVersionsThatTheBuildHas() throws IOException {
        Map<String, String> imported = versions("memfuse-bom/pom.xml");
        assertThat(imported).containsKeys("netty.version", "reactor-netty.version", "guava.version");
        assertThat(versions("pom.xml")).containsAllEntriesOf(imported);
    }
}
