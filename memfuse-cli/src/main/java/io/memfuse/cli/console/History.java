package io.memfuse.cli.console;

import io.memfuse.core.pool.PoolStats;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** The connections of each pool, and of all together, over the last minutes: one number a second. Thread-safe. */
final class History {

    /** How many seconds are kept. */
    static final int LENGTH = 300;

    /** The name of the series of all pools together: no pool has it. */
    static final String ALL = "";

    private final long[] atMillis = new long[LENGTH];
    private final Map<String, Series> series = new HashMap<>();

    /** How many samples there were. Guarded by this, as all above. */
    private long count;

    /** Takes in a sample. */
    synchronized void add(Sample sample) {
        int slot = (int) (count % LENGTH);
        atMillis[slot] = sample.atMillis();
        Set<String> seen = new HashSet<>();
        seen.add(ALL);
        Series all = seriesOf(ALL);
        all.clear(slot);
        for (PoolRow row : sample.pools()) {
            seen.add(row.id());
            Series one = seriesOf(row.id());
            one.clear(slot);
            PoolStats stats = row.pool().stats();
            one.add(slot, stats, row.max());
            all.add(slot, stats, stats.maxSize()); // What is not open holds nothing.
        }
        series.keySet().retainAll(seen);
        count++;
    }

    private Series seriesOf(String id) {
        return series.computeIfAbsent(id, unused -> new Series());
    }

    /** Writes one series as arrays of one length, the oldest first; nothing is written if there is no such pool. */
    synchronized boolean write(Optional<String> id, JsonGenerator json) {
        Series one = series.get(id.orElse(ALL));
        if (one == null) {
            return false;
        }
        int length = (int) Math.min(count, LENGTH);
        json.writeArrayPropertyStart("at");
        for (int i = 0; i < length; i++) {
            json.writeNumber(atMillis[slot(i, length)]);
        }
        json.writeEndArray();
        write("active", one.active, length, json);
        write("idle", one.idle, length, json);
        write("waiting", one.waiting, length, json);
        write("max", one.max, length, json);
        return true;
    }

    private void write(String name, int[] values, int length, JsonGenerator json) {
        json.writeArrayPropertyStart(name);
        for (int i = 0; i < length; i++) {
            json.writeNumber(values[slot(i, length)]);
        }
        json.writeEndArray();
    }

    private int slot(int index, int length) {
        return (int) ((count - length + index) % LENGTH);
    }

    private static final class Series {

        private final int[] active = new int[LENGTH];
        private final int[] idle = new int[LENGTH];
        private final int[] waiting = new int[LENGTH];
        private final int[] max = new int[LENGTH];

        void clear(int slot) {
            active[slot] = 0;
            idle[slot] = 0;
            waiting[slot] = 0;
            max[slot] = 0;
        }

        void add(int slot, PoolStats stats, int most) {
            active[slot] += stats.active();
            idle[slot] += stats.idle();
            waiting[slot] += stats.waiting();
            max[slot] += most;
        }
    }
}
