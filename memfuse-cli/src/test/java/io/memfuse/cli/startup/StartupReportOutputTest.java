package io.memfuse.cli.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StartupReportOutputTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isOneObjectWithNullForNoError() {
        StartupReportJson.print(Reports.well(), out);

        assertThat(written()).isEqualTo("""
                        {"pools":[{"key":"hikari://postgres@localhost:5432/orders","provider":"hikari","state":"OPEN",\
                        "connections":5,"millis":120,"error":null}],\
                        "services":[{"user":"alice","service":"memory","state":"READY","millis":12,"error":null}],\
                        "ready_millis":135}
                        """);
    }

    @Test
    void saysWhyAnEntryFailed() {
        StartupReportJson.print(Reports.withAFailure(), out);

        assertThat(written()).contains("\"state\":\"FAILED\"").contains("\"error\":\"[MemFuse/PoolClosed] ");
    }

    @Test
    void isAnAlignedTableForPeople() {
        StartupReportTable.print(Reports.well(), out);

        assertThat(written()).isEqualTo("""
                        STATE  CONNECTIONS    TIME  POOL
                        OPEN             5  120 ms  hikari://postgres@localhost:5432/orders

                        STATE   TIME  SERVICE  USER
                        READY  12 ms  memory   alice

                        ready in 135 ms
                        """);
    }

    @Test
    void saysBelowTheTablesWhyAnEntryFailedAndDoesNotClaimToBeReady() {
        StartupReportTable.print(Reports.withAFailure(), out);

        assertThat(written())
                .contains("FAILED            0   1.5 s  hikari://postgres@localhost:5432/dead\n")
                .endsWith("READY  12 ms  memory   alice\n\nerror: "
                        + Reports.FAILED.error().orElseThrow() + "\n\nstarted, with failures, in 1501 ms\n");
    }
}
