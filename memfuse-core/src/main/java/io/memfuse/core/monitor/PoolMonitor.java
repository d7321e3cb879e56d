package io.memfuse.core.monitor;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.LoanCount;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Counts what happens to the pools of a registry, whose listener it is: {@code PoolRegistry.builder().listener(monitor)}.
 * What there is at this moment (connections, waiters, states) is in the registry's snapshot. Thread-safe.
 *
 * <p>Cost: three readings of the clock for each acquisition that is timed, and two distributions are added to. The others cost a
 * request nothing: pools count them ({@link LoanCount}). Nothing is allocated on the way of a request.
 */
public final class PoolMonitor implements PoolListener {

    private final int timesOneIn;
    private final Map<PoolKey<?>, PoolMeter> meters = new ConcurrentHashMap<>();
    private final AtomicLong looks = new AtomicLong();
    private final Object mutex = new Object();

    /** Of pools that are gone. Guarded by {@code mutex}, as is who leaves {@code meters}. */
    private PoolActivity retired = PoolActivity.NONE;

    /** Times one of {@value PoolListener#USUALLY_ONE_IN} acquisitions. */
    public PoolMonitor() {
        this(USUALLY_ONE_IN);
    }

    /**
     * @param timesOneIn of how many acquisitions one is timed: 1 for all
     * @throws IllegalArgumentException unless it is a power of two
     */
    public PoolMonitor(int timesOneIn) {
        if (timesOneIn < 1 || Integer.bitCount(timesOneIn) != 1) {
            throw new IllegalArgumentException("timesOneIn is " + timesOneIn + "; accepted: a power of two");
        }
        this.timesOneIn = timesOneIn;
    }

    /** Returns what each pool went through, since it was first opened or since {@link #retire} last found it gone. */
    public Map<PoolKey<?>, PoolActivity> activities() {
        ask();
        return known();
    }

    /** Returns what one pool went through; nothing if it is not known. */
    public PoolActivity activity(PoolKey<?> key) {
        PoolMeter meter = meters.get(key);
        if (meter == null) {
            return PoolActivity.NONE;
        }
        meter.ask();
        return meter.activity();
    }

    /** Returns what all pools went through, those too that are gone. */
    public PoolActivity total() {
        return snapshot().total();
    }

    /** Returns {@link #activities} and what went through those that are gone; each pool is in one of the two. */
    public MonitorSnapshot snapshot() {
        ask();
        synchronized (mutex) {
            return new MonitorSnapshot(known(), retired);
        }
    }

    private void ask() {
        meters.values().forEach(PoolMeter::ask);
    }

    private Map<PoolKey<?>, PoolActivity> known() {
        Map<PoolKey<?>, PoolActivity> activities = new HashMap<>();
        meters.forEach((key, meter) -> activities.put(key, meter.activity()));
        return activities;
    }

    /** Returns the number of a look at the registry that begins now, for {@link #retire}. */
    public long beginLook() {
        return looks.incrementAndGet();
    }

    /**
     * Keeps nothing for pools that are gone, so that many that come and go take no room; what they went through stays in
     * {@link #total()}. A pool that an adapter was asked to open after the look began is kept, whatever it showed.
     *
     * @param look what {@link #beginLook()} returned before the registry was looked at
     * @param isGone whether the registry showed that a pool is not there
     * @return those of which nothing is kept any more: what comes of them from now on is counted from zero
     */
    public Set<PoolKey<?>> retire(long look, Predicate<PoolKey<?>> isGone) {
        Set<PoolKey<?>> gone = new HashSet<>();
        meters.forEach((key, meter) -> {
            if (isGone.test(key)) {
                meter.ask(); // Here, and not below: adapters are asked under no lock.
            }
        });
        synchronized (mutex) {
            for (PoolKey<?> key : List.copyOf(meters.keySet())) {
                // INVARIANT: whoever has a meter from forPool() has left there, under the map's lock on this key, how
                // many looks had begun. A look that began later shows that pool, as opening or as open.
                meters.computeIfPresent(key, (same, meter) -> {
                    if (meter.handedOutAt() >= look || !isGone.test(key)) {
                        return meter;
                    }
                    retired = retired.plus(meter.activity());
                    gone.add(key);
                    return null;
                });
            }
        }
        return gone;
    }

    private PoolMeter meter(PoolKey<?> key) {
        return meters.computeIfAbsent(key, unused -> new PoolMeter(timesOneIn));
    }

    @Override
    public PoolListener forPool(PoolKey<?> key, LoanCount loans) {
        return meters.compute(key, (same, known) -> {
            PoolMeter meter = known == null ? new PoolMeter(timesOneIn) : known;
            meter.handOut(looks.get(), loans);
            return meter;
        });
    }

    @Override
    public int timesOneIn() {
        return timesOneIn;
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        meter(key).opened(key, tookNanos);
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        meter(key).openFailed(key, failure);
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        meter(key).connected(key, tookNanos);
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        meter(key).connectFailed(key, failure);
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        meter(key).acquired(key, waitedNanos);
    }

    @Override
    public void released(PoolKey<?> key, long heldNanos) {
        meter(key).released(key, heldNanos);
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        meter(key).timedOut(key, waitedNanos);
    }

    @Override
    public void refused(PoolKey<?> key, PoolException failure) {
        meter(key).refused(key, failure);
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        meter(key).leaked(key, holder);
    }

    @Override
    public void evicted(PoolKey<?> key) {
        meter(key).evicted(key);
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        meter(key).closed(key, report);
    }
}
