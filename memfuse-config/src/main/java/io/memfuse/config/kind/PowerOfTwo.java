package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The powers of two that a setting accepts, from 1 to {@code max}, which is one itself. */
public record PowerOfTwo(int max) implements Kind.OfValue<Integer> {

    @Override
    public Optional<Integer> parse(Value value, Problems problems) {
        return new IntRange(1, max).parse(value, problems).filter(number -> {
            boolean accepted = Integer.bitCount(number) == 1;
            if (!accepted) {
                problems.add(value.place(), value.shown() + " is not a power of two", "accepted: " + accepted());
            }
            return accepted;
        });
    }

    @Override
    public String show(Integer value) {
        return value.toString();
    }

    @Override
    public String accepted() {
        return "1, 2, 4, 8, ... " + max;
    }

    @Override
    public Map<String, Object> schema() {
        List<Integer> powers = IntStream.iterate(1, power -> power <= max, power -> power * 2)
                .boxed()
                .toList();
        return Schemas.orVariable(List.of(Schemas.object("enum", powers)));
    }
}
