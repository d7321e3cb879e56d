/**
 * Values, problems and the nearest known name.
 *
 * <p>What every reader of a configuration handles: a {@code Value}, which knows where it is written and whether it came from the
 * environment, and the {@code Problems} that are collected, bounded whatever the file.
 *
 * <p>May use {@code yaml}; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.value;

import org.jspecify.annotations.NullMarked;
