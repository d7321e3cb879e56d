/**
 * The effective configuration.
 *
 * <p>What a platform would work with, value by value, with its origin.
 *
 * <p>May use {@code platform}, and those before it; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.effective;

import org.jspecify.annotations.NullMarked;
