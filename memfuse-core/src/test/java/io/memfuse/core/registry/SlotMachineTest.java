package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.SlotMachine.Change;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of {@link SlotMachine}, cell by cell. */
class SlotMachineTest {

    /** What the table says, refused events included; {@code ->} separates where it leads from what has to be done. */
    private static final String TABLE = """
            event                       | Registered  | Opening           | Open                  | Replacing                   | OpeningNext       | Failed      | Closed
            asked                       | Opening     | -                 | -                     | -                           | -                 | -           | -
            asked after the back-off    | Opening     | -                 | -                     | -                           | -                 | Opening     | -
            opened by a                 | -           | Open              | -                     | Open new, p leaves          | Open new          | -           | -
            opened by another           | -           | -                 | -                     | -                           | -                 | -           | -
            failed a                    | -           | Failed            | -                     | Open p                      | Registered        | -           | -
            failed another              | -           | -                 | -                     | -                           | -                 | -           | -
            a forgotten                 | -           | Registered        | -                     | Open p                      | Registered        | -           | -
            evicted                     | -           | -                 | Registered, p leaves  | Opening, p leaves           | -                 | Registered  | -
            p idled                     | -           | -                 | Registered, p leaves  | -                           | -                 | -           | -
            another idled               | -           | -                 | -                     | -                           | -                 | -           | -
            replaced                    | Registered new | -              | Replacing p           | -                           | -                 | Registered new | -
            replaced by the same        | -           | -                 | -                     | -                           | -                 | -           | -
            adjusted                    | Registered new | -              | Open new p            | -                           | -                 | Failed new  | -
            adjusted to the same        | -           | -                 | -                     | -                           | -                 | -           | -
            closed                      | Closed      | Closed, a given up | Closed, p leaves     | Closed, p leaves, a given up | Closed, a given up | Closed     | -
            """;

    private static final long RETRY_AT_NANOS = 1_000;

    private final PoolSpec spec = FakePoolProvider.spec("orders");
    private final PoolSpec newSpec = FakePoolProvider.spec("orders", 1, 2);
    private final PoolKey<Resource> key = PoolKey.of(spec, Resource.class);
    private final PoolOpenException failure =
            PoolOpenException.attemptFailed(key, FailureKind.OTHER, "refused", Duration.ZERO, null);

    // One set of players for each cell.
    private final Attempt<Resource> toOpen = Attempt.toOpen(spec, 3, 0);
    private final Attempt<Resource> toReplace = Attempt.toReplace(newSpec, 0);
    private final OpenPool<Resource> p = pool();
    private final OpenPool<Resource> opened = pool();

    private OpenPool<Resource> pool() {
        return new OpenPool<>(key, FakePoolProvider.pool(spec), new LoanCounter(), 0);
    }

    private SlotMachine<Resource> machineIn(String state) {
        var machine = new SlotMachine<Resource>(spec);
        List<UnaryOperator<SlotState<Resource>>> path = switch (state) {
            case "Registered" -> List.of();
            case "Opening" -> List.of(this::asked);
            case "Open" -> List.of(this::asked, this::open);
            case "Replacing" -> List.of(this::asked, this::open, s -> s.replaced(toReplace));
            case "OpeningNext" -> List.of(this::asked, this::open, s -> s.replaced(toReplace), SlotState::evicted);
            case "Failed" -> List.of(this::asked, s -> s.failed(toOpen, failure, RETRY_AT_NANOS));
            case "Closed" -> List.of(s -> s.closed(CloseReason.REMOVED));
            default -> throw new AssertionError(state);
        };
        path.forEach(event -> assertThat(machine.apply(event).happened()).isTrue());
        return machine;
    }

    private SlotState<Resource> asked(SlotState<Resource> state) {
        return state.asked(toOpen);
    }

    private SlotState<Resource> open(SlotState<Resource> state) {
        return state.opened(toOpen, p);
    }

    private Map<String, UnaryOperator<SlotState<Resource>>> events(Attempt<Resource> own) {
        Attempt<Resource> another = Attempt.toOpen(spec, 1, 0);
        Map<String, UnaryOperator<SlotState<Resource>>> events = new LinkedHashMap<>();
        events.put("asked", s -> s.asked(Attempt.toOpen(spec, 1, RETRY_AT_NANOS - 1)));
        events.put("asked after the back-off", s -> s.asked(Attempt.toOpen(spec, 4, RETRY_AT_NANOS)));
        events.put("opened by a", s -> s.opened(own, opened));
        events.put("opened by another", s -> s.opened(another, opened));
        events.put("failed a", s -> s.failed(own, failure, RETRY_AT_NANOS));
        events.put("failed another", s -> s.failed(another, failure, RETRY_AT_NANOS));
        events.put("a forgotten", SlotState::forgotten);
        events.put("evicted", SlotState::evicted);
        events.put("p idled", s -> s.idled(p));
        events.put("another idled", s -> s.idled(opened));
        events.put("replaced", s -> s.replaced(Attempt.toReplace(newSpec, 0)));
        events.put("replaced by the same", s -> s.replaced(Attempt.toReplace(spec, 0)));
        events.put("adjusted", s -> s.adjusted(newSpec));
        events.put("adjusted to the same", s -> s.adjusted(spec));
        events.put("closed", s -> s.closed(CloseReason.SHUT_DOWN));
        return events;
    }

    @TestFactory
    Stream<DynamicTest> doesWhatTheTableSaysInEveryCell() {
        List<List<String>> rows = rows();
        List<String> states = rows.get(0);
        List<DynamicTest> cells = new ArrayList<>();
        assertThat(rows.stream().skip(1).map(row -> row.get(0)))
                .containsExactlyElementsOf(events(toOpen).keySet());
        for (List<String> row : rows.subList(1, rows.size())) {
            for (int column = 1; column < states.size(); column++) {
                String state = states.get(column);
                String expected = row.get(column);
                cells.add(DynamicTest.dynamicTest(
                        row.get(0) + " in " + state + ": " + expected,
                        () -> assertThat(new SlotMachineTest().cell(row.get(0), state))
                                .isEqualTo(expected)));
            }
        }
        return cells.stream();
    }

    @Test
    void isWhatTheDiagramOfTheArchitectureShows() throws IOException {
        var edge = Pattern.compile("^    (\\w+) --> (\\w+): (.+)$", Pattern.MULTILINE);
        assertThat(edge.matcher(Files.readString(Path.of("..", "docs", "architecture.md")))
                        .results())
                .extracting(shown -> shown.group(1) + " --> " + shown.group(2) + ": " + shown.group(3))
                .containsExactlyInAnyOrderElementsOf(edges());
    }

    /** Each cell in which something happens; the back-off is only one in Failed. */
    private static List<String> edges() {
        List<List<String>> rows = rows();
        List<String> edges = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            for (int column = 1; column < row.size(); column++) {
                String from = rows.get(0).get(column);
                String to = row.get(column).split("[ ,]", 2)[0];
                boolean known = row.get(0).endsWith("after the back-off") && !from.equals("Failed");
                if (!to.equals("-") && !known) {
                    boolean next = from.equals("Replacing") && to.equals("Opening");
                    edges.add(from + " --> " + (next ? "OpeningNext" : to) + ": " + row.get(0));
                }
            }
        }
        return edges;
    }

    private static List<List<String>> rows() {
        return TABLE.lines()
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
    }

    private String cell(String event, String state) {
        SlotMachine<Resource> machine = machineIn(state);
        SlotState<Resource> before = machine.state();
        Attempt<Resource> own = before.attempt();
        Change<Resource> change = machine.apply(
                Objects.requireNonNull(events(own == null ? toOpen : own).get(event)));
        assertThat(machine.state()).isSameAs(change.after());
        assertThat(change.before()).isSameAs(before);
        if (!change.happened()) {
            assertThat(change.after()).isSameAs(before);
            assertThat(change.departed()).isNull();
            assertThat(change.abandoned()).isNull();
            return "-";
        }
        String settings = change.after().spec.equals(newSpec) ? " new" : "";
        String left = change.departed() == null ? "" : ", p leaves";
        String givenUp = change.abandoned() == null ? "" : ", a given up";
        assertThat(change.departed()).isIn(null, p);
        assertThat(change.abandoned()).isIn(null, own);
        String stays = p.equals(change.after().serving) ? " p" : "";
        return change.after().getClass().getSimpleName() + settings + stays + left + givenUp;
    }

    @Test
    void aFailureIsRememberedWithTheNumberOfTheAttempt() {
        assertThat(machineIn("Failed").state()).isInstanceOfSatisfying(SlotState.Failed.class, failed -> {
            assertThat(failed.failures()).isEqualTo(3);
            assertThat(failed.failure()).isSameAs(failure);
            assertThat(failed.retryAtNanos()).isEqualTo(RETRY_AT_NANOS);
        });
    }

    @Test
    void otherSizesDoNotShortenTheBackOff() {
        SlotMachine<Resource> machine = machineIn("Failed");
        machine.apply(s -> s.adjusted(newSpec));
        assertThat(machine.state()).isInstanceOfSatisfying(SlotState.Failed.class, failed -> {
            assertThat(failed.failures()).isEqualTo(3);
            assertThat(failed.failure()).isSameAs(failure);
            assertThat(failed.retryAtNanos()).isEqualTo(RETRY_AT_NANOS);
        });
    }

    @Test
    void theFirstReasonForClosingStays() {
        SlotMachine<Resource> machine = machineIn("Closed");
        machine.apply(s -> s.closed(CloseReason.SHUT_DOWN));
        assertThat(machine.state())
                .isInstanceOfSatisfying(
                        SlotState.Closed.class,
                        closed -> assertThat(closed.reason()).isEqualTo(CloseReason.REMOVED));
    }

    @Test
    void anAttemptIsForgottenWhereItIsUnderWayAndNowhereElse() {
        SlotMachine<Resource> machine = machineIn("Opening");
        machine.forget(toReplace);
        assertThat(machine.state().shown()).isEqualTo(PoolState.OPENING);
        machine.forget(toOpen);
        assertThat(machine.state().shown()).isEqualTo(PoolState.REGISTERED);
        machine.forget(toOpen);
        assertThat(machine.state().shown()).isEqualTo(PoolState.REGISTERED);
    }

    @Test
    void aMoveFromAStateThatIsOverIsRefused() {
        SlotMachine<Resource> machine = machineIn("Opening");
        SlotState<Resource> over = new SlotState.Registered<>(spec);
        assertThat(machine.move(over, new SlotState.Closed<>(spec, CloseReason.REMOVED)))
                .isFalse();
        assertThat(machine.state().shown()).isEqualTo(PoolState.OPENING);
    }

    @Test
    void showsEachStateToTheUser() {
        assertThat(Stream.of("Registered", "Opening", "Open", "Replacing", "OpeningNext", "Failed", "Closed")
                        .map(state -> machineIn(state).state().shown()))
                .containsExactly(
                        PoolState.REGISTERED,
                        PoolState.OPENING,
                        PoolState.OPEN,
                        PoolState.OPEN,
                        PoolState.OPENING,
                        PoolState.FAILED,
                        PoolState.CLOSED);
    }

    /** Who wanted another in its place has need of it: it is not idle at the moment. */
    @Test
    void aPoolCountsAsUsedWhenItsReplacementBeginsAndWhenThatFails() {
        var open = new SlotState.Open<>(spec, p);
        SlotState<Resource> replacing = open.replaced(toReplace);
        assertThat(replacing.takeMark()).isTrue();
        assertThat(open.takeMark()).isFalse();
        SlotState<Resource> again = replacing.failed(toReplace, failure, RETRY_AT_NANOS);
        assertThat(again).isSameAs(open);
        assertThat(again.takeMark()).isTrue();
    }

    @Test
    void aPoolCountsAsUsedWhenItsSizesChange() {
        assertThat(new SlotState.Open<>(spec, p).adjusted(newSpec).takeMark()).isTrue();
    }
}
