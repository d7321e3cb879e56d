package io.memfuse.bench.candidates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OptimisticTableTest {

    private static final int KEYS = 100;
    private static final int ROUNDS = 200_000;

    /** All keys meet in a few places. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 3;
        }
    }

    @Test
    void findsEachKeyAndNoOther() {
        var table = new OptimisticTable<Key, Integer>(KEYS);
        for (int i = 0; i < KEYS; i++) {
            table.put(new Key(i), i);
        }
        table.put(new Key(7), 700);

        assertThat(table.get(new Key(7))).isEqualTo(700);
        assertThat(table.get(new Key(99))).isEqualTo(99);
        assertThat(table.get(new Key(KEYS))).isNull();
    }

    @Test
    void refusesMoreKeysThanItHasPlacesFor() {
        var table = new OptimisticTable<Integer, Integer>(1);
        for (int i = 0; i < 4; i++) {
            table.put(i, i);
        }

        assertThatThrownBy(() -> table.put(4, 4)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReaderNeverSeesAnotherKeysValueWhileItIsWritten() throws Exception {
        var table = new OptimisticTable<Key, Integer>(KEYS);
        var done = new AtomicBoolean();
        CompletableFuture<Integer> wrong = CompletableFuture.supplyAsync(() -> {
            int mistakes = 0;
            for (int i = 0; !done.get(); i++) {
                Integer value = table.get(new Key(i % KEYS));
                mistakes += value != null && value % KEYS != i % KEYS ? 1 : 0;
            }
            return mistakes;
        });
        for (int i = 0; i < ROUNDS; i++) {
            table.put(new Key(i % KEYS), i);
        }
        done.set(true);

        assertThat(wrong.get(10, TimeUnit.SECONDS)).isZero();
    }
}
