package io.memfuse.cli.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StressReportTest {

    private static final StressResult RESULT = new StressResult(
            1000,
            2,
            List.of("a reason"),
            1234.56789,
            new LatencySummary(1000, 0.0004, 0.01, 1),
            new LatencySummary(1000, 1.5, 20, 30),
            new LatencySummary(1000, 2, 25.25, 35),
            new StressResult.Backends(OptionalInt.of(0), OptionalInt.of(20), OptionalInt.of(1)),
            new StressResult.BeforeAndAfter(12, 13));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isOneObject() {
        StressReport.printJson(RESULT, out);

        assertThat(written()).isEqualTo("""
                        {"requests":1000,"errors":2,"throughput_per_second":1234.568,\
                        "service_access_ms":{"p50":0.000,"p99":0.010,"max":1.000},\
                        "acquire_ms":{"p50":1.500,"p99":20.000,"max":30.000},\
                        "request_ms":{"p50":2.000,"p99":25.250,"max":35.000},\
                        "peak_backends":20,"backends_before":0,"backends_after":1,\
                        "threads_before":12,"threads_after":13}
                        """);
    }

    @Test
    void isTablesForPeopleWithTheReasonsOfErrors() {
        StressReport.printTable(RESULT, out);

        assertThat(written()).isEqualTo("""
                        MILLISECONDS              P50     P99     MAX
                        service access          0.000   0.010   1.000
                        connection acquisition  1.500  20.000  30.000
                        whole request           2.000  25.250  35.000

                        COUNT            BEFORE  PEAK  AFTER
                        server backends       0    20      1
                        JVM threads          12     -     13

                        error: a reason
                        1000 requests, 2 errors, 1235 requests per second
                        """);
    }

    @Nested
    class OfRequestsThatAllFailed {

        private static final LatencySummary NONE = new LatencySummary(0, 0, 0, 0);

        private static final StressResult FAILED = new StressResult(
                10,
                10,
                List.of(),
                100,
                NONE,
                NONE,
                new LatencySummary(10, 2, 25.25, 35),
                new StressResult.Backends(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()),
                new StressResult.BeforeAndAfter(12, 12));

        @Test
        void hasNoNumbersForWhatNeverHappenedOrWasNotCounted() {
            StressReport.printTable(FAILED, out);

            assertThat(written()).startsWith("""
                            MILLISECONDS              P50     P99     MAX
                            service access              -       -       -
                            connection acquisition      -       -       -
                            whole request           2.000  25.250  35.000

                            COUNT            BEFORE  PEAK  AFTER
                            server backends       -     -      -
                            JVM threads          12     -     12
                            """);
        }

        @Test
        void hasNullsInTheObject() {
            StressReport.printJson(FAILED, out);

            assertThat(written())
                    .contains("\"acquire_ms\":{\"p50\":null,\"p99\":null,\"max\":null}")
                    .contains("\"request_ms\":{\"p50\":2.000,")
                    .contains("\"peak_backends\":null,\"backends_before\":null,\"backends_after\":null");
        }
    }
}
