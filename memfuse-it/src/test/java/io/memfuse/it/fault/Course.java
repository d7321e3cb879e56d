package io.memfuse.it.fault;

import io.memfuse.it.fault.Load.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What was measured of one fault.
 *
 * @param struck the attempts on the struck database, from the strike until after the recovery
 * @param others those on the other two, meanwhile
 * @param quiet the 99th percentile of the other two before it
 * @param healedNanos when the fault was over
 */
record Course(
        Fault fault,
        Technology technology,
        List<Outcome> struck,
        List<Outcome> others,
        Duration quiet,
        long healedNanos) {

    static Duration p99(Collection<Outcome> outcomes) {
        List<Duration> all =
                new ArrayList<>(outcomes.stream().map(Outcome::took).sorted().toList());
        return all.isEmpty() ? Duration.ZERO : all.get((int) (all.size() * 0.99));
    }

    Map<String, Long> causes() {
        return Causes.count(struck);
    }

    List<Outcome> failures() {
        return struck.stream().filter(outcome -> outcome.failure() != null).toList();
    }

    /** Returns the longest that a caller of the struck database waited for whatever answer. */
    Duration slowest() {
        return struck.stream().map(Outcome::took).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Returns what a caller waited for his error in the middle of those who came in the last second of the fault. */
    Duration medianOfLastErrors() {
        long second = Duration.ofSeconds(1).toNanos();
        List<Duration> last = struck.stream()
                .filter(outcome -> outcome.failure() != null)
                .filter(outcome -> outcome.endNanos() - healedNanos < 0 && outcome.endNanos() - healedNanos > -second)
                .map(Outcome::took)
                .sorted()
                .toList();
        return last.isEmpty() ? Duration.ZERO : last.get(last.size() / 2);
    }

    /** Returns how long after its end the last caller was told of an error, or the first was served. */
    Duration recovery() {
        long firstServed = struck.stream()
                .filter(outcome -> outcome.failure() == null && outcome.endNanos() - healedNanos > 0)
                .mapToLong(outcome -> outcome.endNanos() - healedNanos)
                .min()
                .orElse(Long.MAX_VALUE);
        long lastFailed = failures().stream()
                .mapToLong(outcome -> outcome.endNanos() - healedNanos)
                .max()
                .orElse(0);
        return Duration.ofNanos(failures().isEmpty() ? 0 : Math.max(firstServed, lastFailed));
    }
}
