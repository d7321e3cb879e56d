package io.memfuse.cli.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.cli.output.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StartupProgressTest {

    private static final String UP_AND_CLEAR = "\r\u001b[1A\u001b[2K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What a terminal shows in the end. */
    private List<String> screen() {
        var lines = new ArrayList<String>();
        for (String line : written().split("\n", -1)) {
            String text = line;
            while (text.startsWith(UP_AND_CLEAR)) {
                lines.remove(lines.size() - 1);
                text = text.substring(UP_AND_CLEAR.length());
            }
            if (!text.isEmpty()) {
                lines.add(text);
            }
        }
        return lines;
    }

    private StartupProgress progress(Optional<Terminal> terminal) {
        return StartupProgress.on(out, terminal, Map.of(Reports.ORDERS.toString(), 5, Reports.DEAD.toString(), 5));
    }

    @Nested
    class WithoutATerminal {

        @Test
        void isALineForEachBeginningAndEachEnd() {
            try (StartupProgress progress = progress(Optional.empty())) {
                progress.warming(Reports.ORDERS);
                progress.connected(Reports.ORDERS, 1);
                progress.settled(Reports.OPEN);
                progress.precaching(Reports.MEMORY);
                progress.settled(Reports.READY);
            }

            assertThat(written()).isEqualTo("""
                            warming pool hikari://postgres@localhost:5432/orders
                            pool hikari://postgres@localhost:5432/orders: OPEN, 5 connections, 120 ms
                            making service memory of alice
                            service memory of alice: READY, 12 ms
                            """);
        }

        @Test
        void leavesRoomForTheNameOnANarrowOne() {
            try (StartupProgress progress = progress(Optional.of(new Terminal(80, false)))) {
                progress.warming(Reports.ORDERS);
                await().until(() -> written().contains(": pool " + Reports.ORDERS + "\n"));
                assertThat(written()).contains("[----------] 0/5, ");
                progress.settled(Reports.OPEN);
            }

            assertThat(screen())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .isEqualTo("pool " + Reports.ORDERS + ": OPEN, 5 connections, 120 ms")
                            .hasSizeLessThanOrEqualTo(80));
        }

        @Test
        void doesNotCallItAFailureWhenTheStartIsGivenUp() {
            try (StartupProgress progress = progress(Optional.empty())) {
                progress.stopping();
                progress.settled(Reports.FAILED);
                progress.settled(Reports.READY);
            }

            assertThat(written()).isEqualTo("""
                            stopped while it started; draining
                            pool hikari://postgres@localhost:5432/dead: STOPPED, 1.5 s
                            service memory of alice: READY, 12 ms
                            """);
        }

        @Test
        void leavesTheReasonOfAFailureToTheReport() {
            try (StartupProgress progress = progress(Optional.empty())) {
                progress.settled(Reports.FAILED);
            }

            assertThat(written()).isEqualTo("pool " + Reports.DEAD + ": FAILED, 0 connections, 1.5 s\n");
        }
    }

    @Nested
    class OnATerminal {

        private final Terminal terminal = new Terminal(132, false);

        @Test
        void isABarThatGrowsWithTheConnections() {
            try (StartupProgress progress = progress(Optional.of(terminal))) {
                progress.warming(Reports.ORDERS);
                await().until(() -> written().contains("[--------------------] 0/5 connections"));
                progress.connected(Reports.ORDERS, 1);
                progress.connected(Reports.ORDERS, 1);
                await().until(() -> written().contains("[########------------] 2/5 connections"));
            }
        }

        @Test
        void leavesALineForWhatHasSettledAndNoBar() {
            try (StartupProgress progress = progress(Optional.of(terminal))) {
                progress.warming(Reports.ORDERS);
                await().until(() -> written().contains("0/5 connections"));
                progress.settled(Reports.OPEN);
                progress.settled(Reports.FAILED);
            }

            assertThat(screen())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .isEqualTo("[####################] 5/5 pool " + Reports.ORDERS
                                            + ": OPEN, 5 connections, 120 ms"),
                            line -> assertThat(line)
                                    .isEqualTo("[--------------------] 0/5 pool " + Reports.DEAD
                                            + ": FAILED, 0 connections, 1.5 s"));
        }

        @Test
        void leavesRoomForTheNameOnANarrowOne() {
            try (StartupProgress progress = progress(Optional.of(new Terminal(80, false)))) {
                progress.warming(Reports.ORDERS);
                await().until(() -> written().contains(": pool " + Reports.ORDERS + "\n"));
                assertThat(written()).contains("[----------] 0/5, ");
                progress.settled(Reports.OPEN);
            }

            assertThat(screen())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .isEqualTo("pool " + Reports.ORDERS + ": OPEN, 5 connections, 120 ms")
                            .hasSizeLessThanOrEqualTo(80));
        }

        @Test
        void doesNotCallItAFailureWhenTheStartIsGivenUp() {
            try (StartupProgress progress = progress(Optional.of(terminal))) {
                progress.warming(Reports.DEAD);
                await().until(() -> written().contains("0/5 connections"));
                progress.stopping();
                progress.settled(Reports.FAILED);
            }

            assertThat(screen())
                    .containsExactly(
                            "stopped while it started; draining",
                            "[--------------------] 0/5 pool " + Reports.DEAD + ": STOPPED, 1.5 s");
        }

        @Test
        void hasColorsOnlyIfTheyAreWanted() {
            try (StartupProgress progress = progress(Optional.of(new Terminal(132, true)))) {
                progress.settled(Reports.READY);
            }
            assertThat(written()).contains("\u001b[32m[####################] 1/1");
            bytes.reset();

            try (StartupProgress progress = progress(Optional.of(terminal))) {
                progress.settled(Reports.READY);
            }
            assertThat(written()).doesNotContain("\u001b[32m");
        }
    }
}
