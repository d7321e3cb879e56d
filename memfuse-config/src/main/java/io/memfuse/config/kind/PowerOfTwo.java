package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The powers of two that a setting accepts, from 1 on.
 *
 * @param max the greatest
 * @param zeroMeans what a zero stands for, if it is accepted beside the others; empty if it is not
 */
public record PowerOfTwo(int max, String zeroMeans) implements Kind.OfValue<Integer> {

    @Override
    public Optional<Integer> parse(Value value, Problems problems) {
        return new IntRange(zeroMeans.isEmpty() ? 1 : 0, max)
                .parse(value, problems)
                .filter(number -> {
                    boolean accepted = Integer.bitCount(number) <= 1;
                    if (!accepted) {
                        problems.add(
                                value.place(), value.shown() + " is not a power of two", "accepted: " + accepted());
                    }
                    return accepted;
                });
    }

    @Override
    public String show(Integer value) {
        return value == 0 ? "0 (" + zeroMeans + ")" : value.toString();
    }

    @Override
    public String accepted() {
        return (zeroMeans.isEmpty() ? "" : "0 (" + zeroMeans + "), ") + "1, 2, 4, 8, ... " + max;
    }

    @Override
    public Map<String, Object> schema() {
        IntStream zero = zeroMeans.isEmpty() ? IntStream.empty() : IntStream.of(0);
        List<Integer> powers = IntStream.concat(zero, IntStream.iterate(1, power -> power <= max, power -> power * 2))
                .boxed()
                .toList();
        return Schemas.orVariable(List.of(Schemas.object("enum", powers)));
    }
}
