/**
 * The parts of a platform.
 *
 * <p>What one running platform has: providers and factories, databases by name, the engine; and the checks of a configuration that
 * need them.
 *
 * <p>May use {@code read}, and those before it; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.platform;

import org.jspecify.annotations.NullMarked;
