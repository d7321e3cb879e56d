package io.memfuse.services.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many threads against a sink that fails in every way, at random; the seed stands in the name of the test. */
class UserBufferStressTest {

    private static final int PRODUCERS = 8;
    private static final int RECORDS = 400;

    private static final BufferSettings SETTINGS = new BufferSettings(
            50,
            10,
            Duration.ofMillis(2),
            Duration.ofSeconds(30),
            Duration.ofNanos(1_000),
            Duration.ofMillis(1),
            Duration.ofSeconds(30));

    private record Item(int producer, int number) {

        boolean isPoison() {
            return number % 97 == 13;
        }
    }

    static List<Long> seeds() {
        var random = new Random();
        return List.of(1L, 2L, random.nextLong(), random.nextLong());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyRecordIsWrittenOnceOrRefusedOnceInOrder(long seed) throws Exception {
        var sink = new RandomSink(new SplittableRandom(seed));
        try (EngineThreads threads = EngineThreads.create()) {
            var context = new FakeContext(threads.scheduler(), threads.workers(), Ticker.system());
            try (var buffer = new UserBuffer(context, SETTINGS, new SplittableRandom(seed))) {
                BufferChannel<Item> channel = buffer.open("items", sink);
                List<Future<?>> producers = new ArrayList<>();
                for (int producer = 0; producer < PRODUCERS; producer++) {
                    int me = producer;
                    producers.add(
                            threads.loaders().submit(() -> produce(channel, me, new SplittableRandom(seed + me))));
                }
                for (Future<?> producer : producers) {
                    producer.get(60, TimeUnit.SECONDS);
                }
            }
        }
        assertThat(sink.overlapped).isFalse();
        assertThat(sink.written).hasSize(PRODUCERS * (RECORDS - poisonPerProducer()));
        assertThat(sink.refused).hasSize(PRODUCERS * poisonPerProducer());
        assertThat(sink.order).hasSameSizeAs(sink.written);
        Map<Integer, Integer> last = new HashMap<>();
        for (Item item : sink.order) {
            Integer previous = last.put(item.producer(), item.number());
            assertThat(previous == null || previous < item.number()).isTrue();
        }
    }

    private static int poisonPerProducer() {
        return (int) IntStream.range(0, RECORDS)
                .filter(number -> new Item(0, number).isPoison())
                .count();
    }

    private static Void produce(BufferChannel<Item> channel, int producer, RandomGenerator random) throws Exception {
        for (int number = 0; number < RECORDS; number++) {
            channel.accept(new Item(producer, number));
            if (random.nextInt(50) == 0) {
                try {
                    channel.flush(Duration.ofSeconds(30));
                } catch (BufferException e) {
                    assertThat(e.code()).isEqualTo(BufferException.Code.NOT_WRITTEN);
                }
            }
        }
        return null;
    }

    private static final class RandomSink implements BufferSink<Item> {

        final Set<Item> written = ConcurrentHashMap.newKeySet();
        final Queue<Item> order = new ConcurrentLinkedQueue<>();
        final Queue<Item> refused = new ConcurrentLinkedQueue<>();
        volatile boolean overlapped;
        private final AtomicBoolean busy = new AtomicBoolean();
        private final RandomGenerator random;

        RandomSink(RandomGenerator random) {
            this.random = random;
        }

        @Override
        public void write(List<Item> items) throws Exception {
            overlapped |= !busy.compareAndSet(false, true);
            try {
                int dice = random.nextInt(10);
                if (dice == 0) {
                    throw new IllegalStateException("down");
                }
                if (items.stream().anyMatch(Item::isPoison)) {
                    throw new RefusedRecordException(new IllegalArgumentException("poison"));
                }
                items.stream().filter(written::add).forEach(order::add);
                if (dice == 1) {
                    throw new IllegalStateException("the answer got lost");
                }
            } finally {
                busy.set(false);
            }
        }

        @Override
        public void refused(Item item, RefusedRecordException why) {
            refused.add(item);
        }
    }
}
