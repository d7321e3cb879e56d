/**
 * Where the engine reads the time: {@link io.memfuse.core.time.Ticker}, injected everywhere, so that tests advance it
 * and never sleep; and {@link io.memfuse.core.time.Deadline}, one bound for a wait of several steps.
 *
 * <p>The first package of the core: uses none of the others.
 */
@NullMarked
package io.memfuse.core.time;

import org.jspecify.annotations.NullMarked;
