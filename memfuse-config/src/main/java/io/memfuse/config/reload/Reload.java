package io.memfuse.config.reload;

import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.ReloadReport;
import io.memfuse.config.ReloadReport.Action;
import io.memfuse.config.ReloadReport.DatabaseEntry;
import io.memfuse.config.platform.Databases;
import io.memfuse.config.platform.Engine;
import io.memfuse.config.platform.Providers;
import io.memfuse.config.reload.PoolChanges.Outcome;
import io.memfuse.config.reload.ReloadPlan.Step;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.startup.StartupPlan;
import io.memfuse.core.startup.StartupReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Takes one platform from one configuration to the next. For one use, on a thread that nobody interrupts.
 *
 * <p>In this order: what keeps its key is adjusted or replaced, and what stands for another database has its new pool opened
 * and filled, all side by side; then one decision moves the names and forgets the databases that have none any more; then what
 * is to be warm is warmed; and in the end the former pools have drained. What fails stays as it was and stops nothing else.
 */
final class Reload {

    private final Databases databases;
    private final Engine engine;
    private final PoolRegistry registry;
    private final MemFuseConfig former;
    private final MemFuseConfig next;
    private final ReloadPlan plan;
    private final PoolChanges pools;

    /** What became of each step; of those that replace a pool, once the former one is closed. */
    private final Map<Step, CompletableFuture<Outcome>> outcomes = new LinkedHashMap<>();

    Reload(Databases databases, Providers providers, Engine engine, MemFuseConfig former, MemFuseConfig next) {
        this.databases = databases;
        this.engine = engine;
        this.registry = engine.registry();
        this.former = former;
        this.next = next;
        this.plan = ReloadPlan.of(databases.now(), next, providers, registry);
        this.pools = new PoolChanges(registry, engine.ticker(), plan);
    }

    ReloadReport run() throws InterruptedException {
        long startNanos = engine.ticker().nanoTime();
        List<PoolKey<?>> warmBefore = databases.now().warmed(former);
        plan.adoptSecrets(registry);
        plan.steps().forEach(step -> outcomes.put(step, pools.begin(step)));
        CompletableFuture<List<DrainReport>> drains;
        try {
            drains = decide();
        } catch (RuntimeException undecided) {
            pools.undo();
            throw undecided;
        }
        var services = new ServicesChange(former, next, left());
        services.evictStranded(engine.services());
        StartupReport warmed = engine.startup().run(new StartupPlan(toWarm(warmBefore), services.toMake()));
        List<DatabaseEntry> entries = entries(pools.await(drains, List.of()));
        Duration took = Duration.ofNanos(engine.ticker().nanoTime() - startNanos);
        return new ReloadReport(entries, warmed, notes(services), took);
    }

    /** Returns the names that stand for another database now, or are gone. */
    private Set<String> left() {
        return outcomes.keySet().stream().filter(this::leaves).map(Step::name).collect(Collectors.toSet());
    }

    private boolean leaves(Step step) {
        return step.former() != null
                && !Objects.equals(step.former(), databases.now().keyOf(step.name()));
    }

    private CompletableFuture<List<DrainReport>> decide() {
        var names = new NamesChange(registry, databases);
        outcomes.forEach((step, outcome) -> {
            if (step.isMove() && pools.await(outcome).failure() == null) {
                names.move(step, Objects.requireNonNull(step.wanted()));
            } else if (step.action() != Action.REMOVED) {
                names.keep(step);
            }
        });
        return names.apply(former, next, pools.known());
    }

    /** A pool that was replaced is full, and so may wait for its former one; all others that changed have changed by now. */
    private List<PoolKey<?>> toWarm(List<PoolKey<?>> warmBefore) {
        Set<PoolKey<?>> changed = new LinkedHashSet<>();
        outcomes.forEach((step, outcome) -> {
            PoolKey<?> key = databases.now().keyOf(step.name());
            boolean done = step.action() == Action.ADJUSTED
                    ? pools.await(outcome).failure() == null
                    : outcome.isDone() && outcome.join().failure() == null;
            if (key != null && done && step.action() != Action.UNTOUCHED) {
                changed.add(key);
            }
        });
        return databases.now().warmed(next).stream()
                .filter(key -> changed.contains(key) || !warmBefore.contains(key))
                .toList();
    }

    private List<DatabaseEntry> entries(List<DrainReport> drains) {
        Map<PoolKey<?>, DrainReport> drained = new HashMap<>();
        drains.forEach(report -> drained.put(report.key(), report));
        List<DatabaseEntry> entries = new ArrayList<>();
        outcomes.forEach((step, outcome) -> entries.add(entry(step, pools.await(outcome), drained)));
        return entries;
    }

    private DatabaseEntry entry(Step step, Outcome outcome, Map<PoolKey<?>, DrainReport> drained) {
        PoolKey<?> now = databases.now().keyOf(step.name());
        return new DatabaseEntry(
                step.name(),
                step.action(),
                now != null ? now : step.subject(),
                step.changes(),
                outcome.took(),
                outcome.drained()
                        .or(() -> leaves(step) ? Optional.ofNullable(drained.get(step.former())) : Optional.empty()),
                outcome.failure());
    }

    private List<String> notes(ServicesChange services) {
        List<String> notes = new ArrayList<>(services.notes());
        if (!former.connectionPool().openPools().equals(next.connectionPool().openPools())) {
            notes.add("connection_pool: pool_idle_timeout and max_open_pools take effect with a restart");
        }
        if (!former.monitoring().equals(next.monitoring())) {
            notes.add("monitoring: takes effect with a restart");
        }
        return notes;
    }
}
