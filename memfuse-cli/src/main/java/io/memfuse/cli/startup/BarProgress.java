package io.memfuse.cli.startup;

import io.memfuse.cli.output.Bar;
import io.memfuse.cli.output.LiveRegion;
import io.memfuse.cli.output.Terminal;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.service.ServiceKey;
import io.memfuse.core.startup.StartupReport.Entry;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A bar for each entry under way, drawn again several times a second; what has settled stays above, with its last bar. */
final class BarProgress implements StartupProgress {

    private static final Duration FRAME = Duration.ofMillis(80);
    private static final int BAR_WIDTH = 20;

    /** On a terminal that is narrower a bar is half as wide, and a line that stays has none: there has to be room for names. */
    private static final int WIDE = 100;

    /** The others are summed up in one line: a region higher than the terminal cannot be drawn again. */
    private static final int MAX_BARS = 10;

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final LiveRegion region;
    private final boolean wide;
    private final boolean colors;
    private final Map<String, Integer> minimums;
    private final ScheduledExecutorService frames = Executors.newSingleThreadScheduledExecutor(BarProgress::thread);
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean stopping;

    /** What is under way, by what it is, in the order of its beginning. Guarded by {@code lock}. */
    private final Map<String, Activity> activities = new LinkedHashMap<>();

    BarProgress(LiveRegion region, Terminal terminal, Map<String, Integer> minimums) {
        this.region = region;
        this.wide = terminal.columns() >= WIDE;
        this.colors = terminal.colors();
        this.minimums = Map.copyOf(minimums);
        frames.scheduleAtFixedRate(this::draw, 0, FRAME.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "memfuse-progress");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void warming(PoolKey<?> key) {
        begin("pool " + key, "connections", minimums.getOrDefault(key.toString(), 0));
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        lock.lock();
        try {
            Activity activity = activities.get("pool " + key);
            if (activity != null) {
                activity.done++;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void settled(PoolEntry entry) {
        int minimum = minimums.getOrDefault(entry.key().toString(), 0);
        settle(
                "pool " + entry.key(),
                Bar.of(entry.connections(), minimum, BAR_WIDTH),
                ReportTexts.sentence(entry, stopping),
                entry);
    }

    @Override
    public void precaching(ServiceKey key) {
        begin("service " + key, "made", 1);
    }

    @Override
    public void settled(ServiceEntry entry) {
        settle(
                "service " + entry.key(),
                Bar.of(entry.failure() == null ? 1 : 0, 1, BAR_WIDTH),
                ReportTexts.sentence(entry, stopping),
                entry);
    }

    private void begin(String name, String unit, int total) {
        lock.lock();
        try {
            activities.put(name, new Activity(name, unit, total));
        } finally {
            lock.unlock();
        }
    }

    private void settle(String name, String bar, String sentence, Entry entry) {
        lock.lock();
        try {
            activities.remove(name);
        } finally {
            lock.unlock();
        }
        boolean well = entry.failure() == null;
        region.print(wide ? colored(bar, well) + " " + sentence : colored(sentence, well));
    }

    private String colored(String text, boolean well) {
        return colors ? (well ? GREEN : RED) + text + PLAIN : text;
    }

    private void draw() {
        region.show(bars());
    }

    private List<String> bars() {
        lock.lock();
        try {
            var lines = new ArrayList<String>();
            activities.values().stream()
                    .limit(MAX_BARS)
                    .map(activity -> activity.line(wide))
                    .forEach(lines::add);
            if (activities.size() > MAX_BARS) {
                lines.add("... and " + (activities.size() - MAX_BARS) + " more");
            }
            return lines;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stopping() {
        stopping = true;
        region.print(ReportTexts.STOPPING);
    }

    @Override
    public void close() {
        frames.shutdownNow();
        try {
            // A frame takes microseconds; after the last one the region can be removed for good.
            frames.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        region.show(List.of());
    }

    /** Something under way. Guarded by the lock of the progress. */
    private static final class Activity {

        private final String name;
        private final String unit;
        private final int total;
        private final long startNanos = System.nanoTime();
        private int done;

        Activity(String name, String unit, int total) {
            this.name = name;
            this.unit = unit;
            this.total = total;
        }

        String line(boolean wide) {
            String elapsed = Durations.format(Duration.ofNanos(System.nanoTime() - startNanos));
            return wide
                    ? Bar.of(done, total, BAR_WIDTH) + " " + unit + ", " + elapsed + ": " + name
                    : Bar.of(done, total, BAR_WIDTH / 2) + ", " + elapsed + ": " + name;
        }
    }
}
