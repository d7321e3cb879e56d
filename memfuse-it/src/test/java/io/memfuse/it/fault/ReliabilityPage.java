package io.memfuse.it.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page of what a campaign measured. */
final class ReliabilityPage {

    private static final Path PAGE = Path.of("..", "docs", "reliability.md");

    /** From here on the page is written by hand. */
    private static final String BY_HAND = "## Faults inside the process";

    private ReliabilityPage() {}

    /** Writes the page, or if there are not all faults, their rows. */
    static void write(Collection<Course> courses, boolean all) throws IOException {
        String before = Files.readString(PAGE);
        String text = all ? page(courses) + "\n" + before.substring(before.indexOf(BY_HAND)) : before;
        for (Course course : courses) {
            text = withRow(text, course);
        }
        Files.writeString(PAGE, text);
    }

    private static String withRow(String page, Course course) {
        int section = page.indexOf("## " + course.technology());
        int from = page.indexOf("| " + course.fault().text() + " |", section);
        return from < 0 ? page : page.substring(0, from) + row(course) + page.substring(page.indexOf('\n', from) + 1);
    }

    private static String page(Collection<Course> courses) {
        var text = new StringBuilder("""
                # What happens when a database fails

                Written by `FaultCampaignIT`: `mvn -B verify -Pcampaign -pl memfuse-it -am -Dtest=NONE
                -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=FaultCampaignIT -Dmemfuse.docs.write=true`.

                Three databases in one platform, each with callers who write without a pause; one is struck. `timeout` is %d s,
                `command_timeout` %d s, `min_size` 2, `max_size` 4, and six callers want one of the struck database's connections. For each
                fault the test also demands: the other two databases have no error and keep their 99th percentile; every caller of the
                struck one is answered in time; afterwards no connection, no thread and no waiter is left, no password was logged, every write that
                was acknowledged is there, and none twice.

                - **a caller sees** the exception of MemFuse, or the `SQLState` of the database or driver, and how many of all errors it was.
                - **slowest**: the longest that anybody waited for an answer, good or bad.
                - **then**: what the median caller waited for his error in the last second of the fault; `-` if there was none.
                - **recovery**: from the end of the fault until nobody was told of an error any more. `-`: no error at all.
                - **others**: 99th percentile of the other two databases during it, and before.

                """.formatted(Scene.TIMEOUT.toSeconds(), Scene.COMMAND_TIMEOUT.toSeconds()));
        text.append(LocalDate.now(ZoneOffset.UTC))
                .append(", JDK ")
                .append(Runtime.version())
                .append(", ")
                .append(System.getProperty("os.name"))
                .append(' ')
                .append(System.getProperty("os.arch"))
                .append(", ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" cores.\n");
        for (Technology technology : Technology.values()) {
            text.append("\n## ").append(technology).append("\n\n");
            text.append("| fault | a caller sees | slowest | then | recovery | others |\n");
            text.append("| --- | --- | --- | --- | --- | --- |\n");
            courses.stream()
                    .filter(course -> course.technology() == technology)
                    .map(ReliabilityPage::row)
                    .forEach(text::append);
        }
        return text.toString();
    }

    private static String row(Course course) {
        boolean failed = !course.failures().isEmpty();
        Duration last = course.medianOfLastErrors();
        return "| %s | %s | %s | %s | %s | %s, %s |\n"
                .formatted(
                        course.fault().text(),
                        failed ? causes(course) : "no error",
                        seconds(course.slowest()),
                        last.isZero() ? "-" : seconds(last),
                        failed ? seconds(course.recovery()) : "-",
                        millis(Course.p99(course.others())),
                        millis(course.quiet()));
    }

    private static String causes(Course course) {
        long all = course.failures().size();
        return course.causes().entrySet().stream()
                .sorted((one, other) -> Long.compare(other.getValue(), one.getValue()))
                .map(cause -> "`" + cause.getKey() + "` " + percent(cause.getValue(), all))
                .collect(Collectors.joining(", "));
    }

    private static String percent(long part, long all) {
        return Optional.of(Math.round(100.0 * part / all))
                .filter(rounded -> rounded > 0)
                .map(rounded -> rounded + " %")
                .orElse("< 1 %");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}
