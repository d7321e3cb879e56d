package io.memfuse.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AccountsTest {

    private final PoolMonitor monitor = new PoolMonitor();
    private final Accounts accounts = new Accounts();

    /** How often the pools that are open lent. */
    private final Map<PoolKey<Resource>, AtomicLong> loans = new HashMap<>();

    private static List<PoolKey<Resource>> keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> PoolKey.of(FakePoolProvider.spec("db" + i), Resource.class))
                .toList();
    }

    private void lend(PoolKey<Resource> key) {
        loans.computeIfAbsent(key, this::opened).incrementAndGet();
    }

    private AtomicLong opened(PoolKey<Resource> key) {
        var lent = new AtomicLong();
        var count = new LoanCounter();
        count.countedBy(lent::get);
        monitor.forPool(key, count);
        return lent;
    }

    private void retire(PoolKey<Resource> key) {
        monitor.retire(monitor.beginLook(), key::equals);
        loans.remove(key);
    }

    @Test
    void loseNothingAndNeverBecomeLessWhicheverPoolsComeGoAndChangeSides() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<PoolKey<Resource>> keys = keys(6);
        Map<PoolKey<?>, Long> bookedOnOwn = new HashMap<>();
        long lent = 0;
        Counts othersBefore = Counts.NONE;
        Counts allBefore = Counts.NONE;
        for (int round = 0; round < 2_000; round++) {
            for (int i = random.nextInt(8); i > 0; i--) {
                PoolKey<Resource> key = keys.get(random.nextInt(keys.size()));
                lend(key);
                if (random.nextInt(4) == 0) {
                    monitor.acquired(key, random.nextInt(1_000));
                }
                lent++;
            }
            if (random.nextInt(3) == 0) {
                PoolKey<Resource> gone = keys.get(random.nextInt(keys.size()));
                retire(gone);
            }
            Set<PoolKey<?>> shown = new HashSet<>();
            keys.stream().filter(key -> random.nextBoolean()).forEach(shown::add);

            Map<PoolKey<?>, Counts> ownBefore = new HashMap<>();
            keys.forEach(key -> ownBefore.put(key, accounts.of(key)));
            accounts.advance(monitor.snapshot(), shown);

            String when = "seed " + seed + ", round " + round;
            assertThat(accounts.others().isBehind(othersBefore)).as(when).isFalse();
            assertThat(accounts.all().isBehind(allBefore)).as(when).isFalse();
            assertThat(accounts.all().get(Count.ACQUIRED)).as(when).isEqualTo(lent);
            othersBefore = accounts.others();
            allBefore = accounts.all();
            for (PoolKey<?> key : shown) {
                Counts before = ownBefore.getOrDefault(key, Counts.NONE);
                boolean anew = accounts.of(key).isBehind(before);
                long more = accounts.of(key).since(anew ? Counts.NONE : before).get(Count.ACQUIRED);
                bookedOnOwn.merge(key, more, Long::sum);
            }
        }
        long own = bookedOnOwn.values().stream().mapToLong(Long::longValue).sum();
        assertThat(own).as("both sides were busy").isPositive().isLessThan(lent);
        assertThat(own + accounts.others().get(Count.ACQUIRED))
                .as("seed " + seed)
                .isEqualTo(lent);
    }

    @Test
    void bookWithTheOthersWhatHappensToAPoolAfterItWasLastSeen() {
        PoolKey<Resource> key = keys(1).get(0);
        lend(key);
        accounts.advance(monitor.snapshot(), Set.of(key));
        lend(key);
        retire(key);
        accounts.advance(monitor.snapshot(), Set.of());

        assertThat(accounts.others().get(Count.ACQUIRED)).isEqualTo(1);
        assertThat(accounts.all().get(Count.ACQUIRED)).isEqualTo(2);
        assertThat(accounts.of(key)).isSameAs(Counts.NONE);
    }
}
