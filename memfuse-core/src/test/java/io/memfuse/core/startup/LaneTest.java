package io.memfuse.core.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LaneTest {

    private final Lane lane = new Lane(2);
    private final List<Integer> begun = new ArrayList<>();

    private CompletableFuture<Integer> add(int number) {
        var work = new CompletableFuture<Integer>();
        lane.add(() -> {
            begun.add(number);
            return work;
        });
        return work;
    }

    @Test
    void beginsSoManyAtATimeInTheOrderGiven() {
        CompletableFuture<Integer> one = add(1);
        CompletableFuture<Integer> two = add(2);
        CompletableFuture<Integer> three = add(3);
        add(4);
        assertThat(begun).containsExactly(1, 2);
        two.complete(2);
        assertThat(begun).containsExactly(1, 2, 3);
        three.completeExceptionally(new IllegalStateException());
        one.complete(1);
        assertThat(begun).containsExactly(1, 2, 3, 4);
    }

    @Test
    void workThatThrowsFailsAndLeavesItsPlace() {
        for (int i = 0; i < 3; i++) {
            assertThat(lane.add(() -> {
                        throw new IllegalStateException("at once");
                    }))
                    .isCompletedExceptionally();
        }
        add(1);
        assertThat(begun).containsExactly(1);
    }

    @Test
    void aHundredThousandThatAreCompleteAtOnceNeedNoMoreStackThanOne() {
        CompletableFuture<Integer> first = add(0);
        CompletableFuture<Integer> second = add(1);
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(lane.add(() -> CompletableFuture.completedFuture(7)));
        }
        first.complete(0);
        assertThat(all).allMatch(CompletableFuture::isDone);
        second.complete(1);
    }
}
