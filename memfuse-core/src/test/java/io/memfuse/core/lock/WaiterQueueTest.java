package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.lock.LockHold.Mode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaiterQueueTest {

    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("queue");
    private final WaiterQueue queue = new WaiterQueue();
    private final Waiter first = waiter();
    private final Waiter second = waiter();
    private final Waiter third = waiter();

    private Waiter waiter() {
        return new Waiter(lock, new Hold(lock, Mode.READ), false, 0);
    }

    @BeforeEach
    void add() {
        assertThat(queue.isEmpty()).isTrue();
        queue.add(first);
        queue.add(second);
        queue.add(third);
        assertThat(queue.size()).isEqualTo(3);
    }

    private List<Waiter> pollAll() {
        List<Waiter> all = new ArrayList<>();
        while (!queue.isEmpty()) {
            all.add(queue.poll());
            assertThat(all.get(all.size() - 1).queued).isFalse();
        }
        assertThat(queue.size()).isZero();
        return all;
    }

    @Test
    void isFirstInFirstOut() {
        assertThat(pollAll()).containsExactly(first, second, third);
    }

    @Test
    void letsAnybodyLeaveOnce() {
        assertThat(queue.remove(second)).isTrue();
        assertThat(queue.remove(second)).isFalse();
        assertThat(queue.size()).isEqualTo(2);
        assertThat(pollAll()).containsExactly(first, third);
    }

    @Test
    void goesOnBehindTheLastOneThatIsLeft() {
        queue.remove(third);
        Waiter fourth = waiter();
        queue.add(fourth);
        assertThat(pollAll()).containsExactly(first, second, fourth);
    }

    @Test
    void beginsWithTheFirstOneThatIsLeft() {
        queue.remove(first);
        queue.remove(second);
        assertThat(pollAll()).containsExactly(third);
    }

    @Test
    void takesWhoeverHasLeftAgain() {
        pollAll();
        queue.add(second);
        queue.add(first);
        assertThat(pollAll()).containsExactly(second, first);
    }
}
