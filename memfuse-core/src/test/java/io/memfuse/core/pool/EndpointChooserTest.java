package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.EndpointChooser.Candidate;
import io.memfuse.core.pool.EndpointChooser.Search;
import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointChooserTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ConnectFailure DEAD = new ConnectFailure(FailureKind.UNREACHABLE, "refused");
    private static final ConnectFailure SILENT = new ConnectFailure(FailureKind.NO_ANSWER, "timed out");
    private static final ConnectFailure WRONG = new ConnectFailure(FailureKind.WRONG_SESSION, "it is no standby");

    private final ManualTime time = new ManualTime();

    private EndpointChooser chooser(TargetSessionAttrs target, boolean balanced, String... hosts) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String host : hosts) {
            endpoints.add(new Endpoint(host, 5432));
        }
        return new EndpointChooser(new Endpoints(endpoints, target, balanced), time);
    }

    private EndpointChooser chooser(String... hosts) {
        return chooser(TargetSessionAttrs.ANY, false, hosts);
    }

    /** Returns what is tried if each fails like this. */
    private static List<String> tried(Search search, ConnectFailure failure) {
        List<String> tried = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn) {
            Candidate candidate = search.next();
            tried.add(candidate.endpoint().host() + " " + candidate.target());
            goesOn = search.goesOnAfter(candidate, failure);
        }
        return tried;
    }

    @Test
    void givesOneHostAllTheTime() {
        assertThat(chooser("a").begin(TIMEOUT).next())
                .isEqualTo(new Candidate(new Endpoint("a", 5432), TargetSessionAttrs.ANY, TIMEOUT));
    }

    @Test
    void triesEachHostOnceInTheirOrder() {
        assertThat(tried(chooser("a", "b", "c").begin(TIMEOUT), DEAD)).containsExactly("a any", "b any", "c any");
    }

    @Test
    void sharesTheTimeThatIsLeftAmongTheHostsThatAreLeft() {
        Search search = chooser("a", "b", "c").begin(TIMEOUT);
        Candidate first = search.next();
        time.advance(first.share());
        search.goesOnAfter(first, SILENT);
        Candidate second = search.next();
        search.goesOnAfter(second, DEAD);
        Candidate third = search.next();

        assertThat(first.share()).isEqualTo(Duration.ofMillis(9_500).dividedBy(3));
        assertThat(second.share()).isCloseTo(first.share(), Duration.ofMillis(1));
        assertThat(third.share()).isCloseTo(first.share().multipliedBy(2), Duration.ofMillis(1));
        assertThat(search.goesOnAfter(third, DEAD)).isFalse();
    }

    @Test
    void stopsWhenTheTimeIsUp() {
        Search search = chooser("a", "b").begin(TIMEOUT);
        Candidate first = search.next();
        time.advance(TIMEOUT);

        assertThat(search.goesOnAfter(first, SILENT)).isFalse();
        assertThat(search.failure())
                .isEqualTo(new ConnectFailure(
                        FailureKind.NO_ANSWER,
                        "none of 2 hosts took the login (a:5432: timed out; b:5432: not tried)"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BAD_CREDENTIALS", "MISCONFIGURED"})
    void asksNoOtherHostWhatTheOtherWouldSayToo(FailureKind kind) {
        Search search = chooser("a", "b").begin(TIMEOUT);
        assertThat(tried(search, new ConnectFailure(kind, "no"))).containsExactly("a any");
        assertThat(search.failure().kind()).isEqualTo(kind);
    }

    @Test
    void triesLastForAWhileWhatFailed() {
        EndpointChooser chooser = chooser("a", "b", "c");
        Search search = chooser.begin(TIMEOUT);
        search.goesOnAfter(search.next(), DEAD);
        search.succeeded(search.next());

        assertThat(tried(chooser.begin(TIMEOUT), DEAD)).containsExactly("b any", "c any", "a any");
        assertThat(tried(chooser.begin(TIMEOUT), DEAD)).containsExactly("a any", "b any", "c any");
    }

    @Test
    void forgetsAFailureAfterAWhile() {
        EndpointChooser chooser = chooser("a", "b");
        Search search = chooser.begin(TIMEOUT);
        search.goesOnAfter(search.next(), DEAD);

        time.advance(Duration.ofMillis(9_999));
        assertThat(chooser.begin(TIMEOUT).next().endpoint().host()).isEqualTo("b");
        time.advance(Duration.ofMillis(1));
        assertThat(chooser.begin(TIMEOUT).next().endpoint().host()).isEqualTo("a");
    }

    @Test
    void forgivesWhatSucceeds() {
        EndpointChooser chooser = chooser("a", "b");
        tried(chooser.begin(TIMEOUT), DEAD);
        Search search = chooser.begin(TIMEOUT);
        search.goesOnAfter(search.next(), DEAD);
        search.succeeded(search.next());

        assertThat(chooser.begin(TIMEOUT).next().endpoint().host()).isEqualTo("b");
    }

    @Test
    void takesAnyServerThatAnswersIfNoneIsAStandby() {
        Search search =
                chooser(TargetSessionAttrs.PREFER_STANDBY, false, "a", "b").begin(TIMEOUT);
        search.goesOnAfter(search.next(), DEAD);
        search.goesOnAfter(search.next(), WRONG);
        Candidate last = search.next();

        assertThat(last.endpoint().host()).isEqualTo("b");
        assertThat(last.target()).isEqualTo(TargetSessionAttrs.ANY);
        assertThat(search.goesOnAfter(last, DEAD)).isFalse();
    }

    @Test
    void saysWhatEachHostSaidAndTakesWhatAServerSaidForTheKind() {
        Search search =
                chooser(TargetSessionAttrs.STANDBY, false, "a", "b", "c").begin(TIMEOUT);
        search.goesOnAfter(search.next(), DEAD);
        search.goesOnAfter(search.next(), WRONG);
        search.goesOnAfter(search.next(), SILENT);

        assertThat(search.failure())
                .isEqualTo(
                        new ConnectFailure(
                                FailureKind.WRONG_SESSION,
                                "none of 3 hosts took the login (a:5432: refused; b:5432: it is no standby; c:5432: timed out)"));
    }

    @Test
    void saysOfOneHostWhatItSaid() {
        Search search = chooser("a").begin(TIMEOUT);
        assertThat(tried(search, DEAD)).hasSize(1);
        assertThat(search.failure()).isEqualTo(DEAD);
    }

    /** By chance this fails once in 2^99 runs. */
    @Test
    void beginsWithAnyHostIfTheLoadIsBalanced() {
        EndpointChooser chooser = chooser(TargetSessionAttrs.ANY, true, "a", "b");
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            first.add(chooser.begin(TIMEOUT).next().endpoint().host());
        }
        assertThat(first).containsExactlyInAnyOrder("a", "b");
    }
}
