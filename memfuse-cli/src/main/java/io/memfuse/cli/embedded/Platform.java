package io.memfuse.cli.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a build of PostgreSQL is made for.
 *
 * @param system the operating system, {@code linux} or {@code darwin} for those that have builds
 * @param architecture the processor, {@code x86_64} or {@code arm_64} for those that have builds
 * @param alpine whether the C library is that of Alpine Linux, for which other builds run nowhere
 */
record Platform(String system, String architecture, boolean alpine) {

    /** Returns the platform of this machine. */
    static Platform current() {
        return of(
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                Files.exists(Path.of("/etc/alpine-release")));
    }

    /** Returns the platform for what the JDK calls operating system and processor. */
    static Platform of(String osName, String osArch, boolean alpine) {
        String system = osName.toLowerCase(Locale.ROOT);
        return new Platform(
                system.startsWith("mac") ? "darwin" : system.replace(' ', '_'),
                switch (osArch.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> osArch;
                },
                alpine);
    }

    /** Returns the name of the archive that holds the build. */
    String archive() {
        return "postgres-" + system + "-" + architecture + (alpine ? "-alpine_linux" : "") + ".txz";
    }

    /** Returns the platform as a message shows it. */
    @Override
    public String toString() {
        return system + " on " + architecture + (alpine ? " (Alpine)" : "");
    }
}
