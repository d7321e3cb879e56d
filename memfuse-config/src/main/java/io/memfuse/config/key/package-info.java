/**
 * The keys.
 *
 * <p>Each key of the configuration, declared once: name, kind, default, meaning, how to get and to set it.
 *
 * <p>May use {@code url}, and those before it; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.key;

import org.jspecify.annotations.NullMarked;
