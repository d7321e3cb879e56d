package io.memfuse.it.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The section of the results' page that a soak writes; what other programs wrote stays. */
final class SoakPage {

    private static final Path DOCS = Path.of("..", "docs");
    private static final String HEADING = "\n## A soak\n";

    private SoakPage() {}

    static void write(Soak soak) throws IOException {
        Files.writeString(
                DOCS.resolve("images").resolve("soak.svg"),
                new TimelineChart(soak.samples())
                        .strip("requests a second", "#0369a1", Sample::perSecond)
                        .strip("MiB of heap that are alive", "#7e22ce", Sample::heapMebibytes)
                        .strip("threads", "#15803d", Sample::threads)
                        .strip("open files and sockets", "#a16207", Sample::files)
                        .strip("connections, as the server counts them", "#c2410c", Sample::backends)
                        .svg());
        Path page = DOCS.resolve("results.md");
        String text = Files.exists(page) ? Files.readString(page) : "# Results\n";
        int from = text.indexOf(HEADING);
        Files.writeString(page, (from < 0 ? text : text.substring(0, from)) + section(soak));
    }

    private static String section(Soak soak) {
        return HEADING
                + """

                Two databases through JDBC and one through R2DBC, 16 callers at a steady pace, one of four users is new; meanwhile pools are
                evicted, the configuration is loaded anew, a database comes and goes, and the server ends connections. Every acknowledged
                transaction was there afterwards, none twice, and no connection or thread was left. Written by `SoakIT`:
                `mvn -B verify -Pcampaign -pl memfuse-it -am -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=SoakIT
                -Dmemfuse.docs.write=true`.

                %s, JDK %s: %s.

                | | median of the middle third | median of the last third |
                | --- | ---: | ---: |
                | requests a second | %.0f | %.0f |
                | MiB of heap that are alive | %.1f | %.1f |
                | threads | %.0f | %.0f |
                | open files and sockets | %.0f | %.0f |
                | connections, as the server counts them | %.0f | %.0f |

                ![What a platform uses over time](images/soak.svg)
                """.formatted(
                                LocalDate.now(ZoneOffset.UTC),
                                Runtime.version(),
                                soak.summary(),
                                soak.early(Sample::perSecond),
                                soak.late(Sample::perSecond),
                                soak.early(Sample::heapMebibytes),
                                soak.late(Sample::heapMebibytes),
                                soak.early(Sample::threads),
                                soak.late(Sample::threads),
                                soak.early(Sample::files),
                                soak.late(Sample::files),
                                soak.early(Sample::backends),
                                soak.late(Sample::backends));
    }
}
