/**
 * From one YAML file to a running platform.
 *
 * <p>{@link io.memfuse.config.MemFuse} is the platform, {@link io.memfuse.config.MemFuseModule} puts it into the injector
 * of an application. {@link io.memfuse.config.ConfigReader} turns the file into records, of which
 * {@link io.memfuse.config.MemFuseConfig} is the root, or into a {@link io.memfuse.config.ConfigException} that lists
 * every {@link io.memfuse.config.Problem} at once, with file, line, column, path and what to do. No problem, and no
 * {@code toString}, shows a secret.
 *
 * <p>All that users see is here; how it is done is in the packages below, each of which may use those before it: {@code yaml} (text to
 * nodes), {@code value}, {@code secret}, {@code kind}, {@code url}, {@code key} (each key, declared once), {@code read} (nodes to records),
 * {@code platform}, {@code effective}, {@code reload}. None of them uses the platform, the module or the reader of this one.
 */
@NullMarked
package io.memfuse.config;

import org.jspecify.annotations.NullMarked;
