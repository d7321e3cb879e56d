package io.memfuse.bench;

import io.memfuse.bench.report.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** What a reader must know of the machine. */
final class Machine {

    private static final Path CPUS = Path.of("/proc/cpuinfo");

    private Machine() {}

    static Environment environment(Mode mode) {
        return new Environment(
                cpu(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                Runtime.version().feature(),
                LocalDate.now(ZoneOffset.UTC),
                mode.text());
    }

    private static String cpu() {
        if (Files.isReadable(CPUS)) {
            try (Stream<String> lines = Files.lines(CPUS)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .orElse("unknown processor");
            } catch (IOException e) {
                return "unknown processor";
            }
        }
        return "unknown processor";
    }
}
