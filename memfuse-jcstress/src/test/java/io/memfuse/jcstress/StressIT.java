package io.memfuse.jcstress;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs jcstress in a JVM of its own, on the JDK of this one, so that its results land below the build's directory. */
class StressIT {

    private static final String PREFIX = "memfuse.stress.";

    @Test
    void showsNothingThatIsForbidden() throws Exception {
        Path directory = Files.createDirectories(Path.of(setting("directory")));
        Path log = directory.resolve("run.log");

        int exit = start(directory, log).waitFor();

        String told = summary(log);
        System.out.println(told);
        assertThat(exit).as(told).isZero();
    }

    private static Process start(Path directory, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StressRun.class.getName(),
                (Boolean.getBoolean("memfuse.campaign") ? StressPlan.CAMPAIGN : StressPlan.SHARE).name(),
                setting("tests"),
                "-r",
                directory.toString()));
        Arrays.stream(setting("options").split(" "))
                .filter(option -> !option.isBlank())
                .forEach(command::add);
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static String setting(String name) {
        return requireNonNull(System.getProperty(PREFIX + name), () -> PREFIX + name + " is set by the build");
    }

    /** From the table of the scenarios on: what stands before it is the progress of jcstress. */
    private static String summary(Path log) throws IOException {
        String whole = Files.readString(log);
        int table = whole.lastIndexOf(StressVerdict.HEADLINE);
        return table < 0 ? whole : whole.substring(table);
    }
}
