package io.memfuse.bench.service;

import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Gets the service of one of {@value #USERS} users at random. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CachedService {

    static final int USERS = 1_000;

    private final ServiceCache cache =
            ServiceCache.builder().factory(new NoteFactory()).build();
    private final Map<Key, Note> map = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();

    record Note(String user) {}

    /** What an application makes of each request to look its service up. */
    record Key(String user, Class<?> type) {}

    private static final class NoteFactory implements ServiceFactory<Note> {

        @Override
        public String name() {
            return "note";
        }

        @Override
        public Class<Note> type() {
            return Note.class;
        }

        @Override
        public Note create(ServiceContext context) {
            return new Note(context.user());
        }
    }

    /** Makes all services; the collector moves them together, as it has in a program that has run for a while. */
    @Setup
    public void fill() {
        users().forEach(user -> {
            cache.get(user, Note.class);
            map.put(new Key(user, Note.class), new Note(user));
        });
        System.gc();
    }

    /** Closes the cache. */
    @TearDown
    public void close() {
        cache.close();
    }

    private static Stream<String> users() {
        return IntStream.range(0, USERS).mapToObj(i -> "user" + i);
    }

    /** From our cache. */
    @Benchmark
    public Object memfuse(Draw draw) {
        return cache.get(draw.next(), Note.class);
    }

    /** From a map, whose key is made for the request. */
    @Benchmark
    public Object map(Draw draw) {
        return Objects.requireNonNull(map.get(new Key(draw.next(), Note.class)));
    }

    /** From a map, whose key is made for the request; counts the hit, as our cache does. */
    @Benchmark
    public Object mapCounted(Draw draw) {
        hits.increment();
        return map(draw);
    }

    /** Names of users at random, drawn ahead; equal to those that the services were made for, and not the same. */
    @State(Scope.Thread)
    public static class Draw {

        private static final int SIZE = 1 << 10;

        private final String[] users = users().toArray(String[]::new);
        private final int[] numbers =
                ThreadLocalRandom.current().ints(SIZE, 0, USERS).toArray();
        private int position;

        String next() {
            position = (position + 1) & (SIZE - 1);
            return users[numbers[position]];
        }
    }
}
