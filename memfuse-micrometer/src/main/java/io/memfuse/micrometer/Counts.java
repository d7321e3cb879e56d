package io.memfuse.micrometer;

import io.memfuse.core.monitor.PoolActivity;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/** One number for each {@link Count}. Immutable. */
@SuppressWarnings("EnumOrdinal") // the place of a number in an array that never leaves this class
final class Counts {

    static final Counts NONE = new Counts(new long[Count.values().length]);

    private final long[] numbers;

    private Counts(long[] numbers) {
        this.numbers = numbers;
    }

    static Counts of(PoolActivity activity) {
        return new Counts(Arrays.stream(Count.values())
                .mapToLong(count -> count.of(activity))
                .toArray());
    }

    long get(Count count) {
        return numbers[count.ordinal()];
    }

    Counts with(Count count, long number) {
        long[] changed = numbers.clone();
        changed[count.ordinal()] = number;
        return new Counts(changed);
    }

    Counts plus(Counts other) {
        return combine(other, Long::sum);
    }

    /** Returns how many more there are than in {@code before}; those that are fewer are none more. */
    Counts since(Counts before) {
        return combine(before, (now, then) -> Math.max(0, now - then));
    }

    boolean isBehind(Counts before) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] < before.numbers[i]) {
                return true;
            }
        }
        return false;
    }

    private Counts combine(Counts other, LongBinaryOperator operator) {
        long[] combined = new long[numbers.length];
        for (int i = 0; i < combined.length; i++) {
            combined[i] = operator.applyAsLong(numbers[i], other.numbers[i]);
        }
        return new Counts(combined);
    }
}
