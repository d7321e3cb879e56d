/**
 * Keys, sections and kinds of values.
 *
 * <p>How one value is read: a {@code Section} finds the keys of a mapping, a {@code Kind} parses, shows and describes the value of one,
 * with its range.
 *
 * <p>May use {@code yaml}, {@code value} and {@code secret}; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.kind;

import org.jspecify.annotations.NullMarked;
