package io.memfuse.config.reload;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.ReloadReport.Action;
import io.memfuse.config.platform.NamedPools;
import io.memfuse.config.platform.Providers;
import io.memfuse.config.platform.Registered;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.SpecDifference;
import io.memfuse.core.registry.PoolAlias;
import io.memfuse.core.registry.PoolRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done to each database so that it is as a configuration says. Compares with the settings that are in place, not with
 * the former file: a change that failed then is tried again. Immutable.
 *
 * @param steps one for each database of the configuration in its order, then one for each that is not in it any more
 */
record ReloadPlan(List<Step> steps) {

    ReloadPlan {
        steps = List.copyOf(steps);
    }

    /**
     * What is to be done to one database.
     *
     * @param alias what stands for it so far; null if there is no such name
     * @param wanted the key and settings that it is to have; null if it is removed
     * @param former what the alias stood for when it was compared; null if it is added, or the application removed it from the
     *     registry
     * @param changes the settings that change, in words
     */
    record Step(
            String name,
            Action action,
            @Nullable PoolAlias<?> alias,
            @Nullable Wanted wanted,
            @Nullable PoolKey<?> former,
            List<String> changes) {

        /** Returns what it is about: what the name is to stand for, or stood for if it is removed. */
        PoolKey<?> subject() {
            return wanted != null ? wanted.key() : Objects.requireNonNull(alias).key();
        }

        /** Tells whether the name is to stand for another database, or for one for the first time. */
        boolean isMove() {
            return action == Action.MOVED || action == Action.ADDED;
        }
    }

    /** What a name is to stand for. */
    record Wanted(PoolKey<?> key, PoolSpec spec) {}

    /** Returns what the names stood for when it was compared. */
    Set<PoolKey<?>> formerKeys() {
        Set<PoolKey<?>> keys = new HashSet<>();
        steps.forEach(step -> {
            if (step.former() != null) {
                keys.add(step.former());
            }
        });
        return keys;
    }

    /** The text of a password may be the same and come from elsewhere, where it is to be asked for when it changes. */
    void adoptSecrets(PoolRegistry registry) {
        for (Step step : steps) {
            Wanted wanted = step.wanted();
            if (wanted != null && Objects.equals(step.former(), wanted.key())) {
                Registered.tell(
                        wanted.key(),
                        key -> registry.spec(key)
                                .password()
                                .renewAs(wanted.spec().password()));
            }
        }
    }

    /** Returns the longest time that an opening may take. */
    Duration longestTimeout() {
        return steps.stream()
                .flatMap(step -> Optional.ofNullable(step.wanted()).stream())
                .map(wanted -> wanted.spec().limits().timeout())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Compares. Decides only. */
    static ReloadPlan of(NamedPools named, MemFuseConfig config, Providers providers, PoolRegistry registry) {
        Map<String, PoolAlias<?>> now = named.byName();
        List<Step> steps = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (DatabaseConfig database : config.allDatabases()) {
            PoolSpec spec = database.spec();
            PoolKey<?> key = PoolKey.of(spec, providers.named(spec.provider()).resourceType());
            names.add(database.name());
            steps.add(step(database.name(), now.get(database.name()), new Wanted(key, spec), registry));
        }
        now.forEach((name, alias) -> {
            if (!names.contains(name)) {
                PoolKey<?> former = registry.isRegistered(alias) ? alias.key() : null;
                steps.add(new Step(name, Action.REMOVED, alias, null, former, List.of()));
            }
        });
        return new ReloadPlan(steps);
    }

    private static Step step(String name, @Nullable PoolAlias<?> alias, Wanted wanted, PoolRegistry registry) {
        if (alias == null || !registry.isRegistered(alias)) {
            return new Step(name, Action.ADDED, alias, wanted, null, List.of());
        }
        if (!alias.key().equals(wanted.key)) {
            return new Step(name, Action.MOVED, alias, wanted, alias.key(), List.of(alias.key() + " -> " + wanted.key));
        }
        List<SpecDifference> differences = SpecDifference.between(registry.spec(alias.key()), wanted.spec);
        return new Step(
                name,
                action(differences),
                alias,
                wanted,
                alias.key(),
                differences.stream().map(SpecDifference::asChange).toList());
    }

    /** Returns how a pool comes from some settings to others. */
    static Action action(List<SpecDifference> differences) {
        if (differences.isEmpty()) {
            return Action.UNTOUCHED;
        }
        return differences.stream().allMatch(SpecDifference::isInPlace) ? Action.ADJUSTED : Action.REPLACED;
    }
}
