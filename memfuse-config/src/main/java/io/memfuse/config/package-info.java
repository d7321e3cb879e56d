/**
 * From one YAML file to a running platform.
 *
 * <p>{@link io.memfuse.config.MemFuse} is the platform, {@link io.memfuse.config.MemFuseModule} puts it into the injector
 * of an application. {@link io.memfuse.config.ConfigReader} turns the file into records, of which
 * {@link io.memfuse.config.MemFuseConfig} is the root, or into a {@link io.memfuse.config.ConfigException} that lists
 * every {@link io.memfuse.config.Problem} at once, with file, line, column, path and what to do. No problem, and no
 * {@code toString}, shows a secret.
 *
 * <p>Each key is declared once, in {@code DatabaseKeys} or {@code ConnectionPoolKeys}, and those of a service by its factory:
 * readers, {@link io.memfuse.config.EffectiveValue}s and the {@link io.memfuse.config.ConfigReference} go by that.
 *
 * <p>{@link io.memfuse.config.MemFuse#reload} takes a platform to another configuration: {@code ReloadPlan} says what differs from
 * the settings in place, {@code PoolChanges} changes and opens pools, {@code NamesChange} moves the names in one step,
 * {@code ServicesChange} has services made anew, and the {@link io.memfuse.config.ReloadReport} says what came of it.
 */
@NullMarked
package io.memfuse.config;

import org.jspecify.annotations.NullMarked;
