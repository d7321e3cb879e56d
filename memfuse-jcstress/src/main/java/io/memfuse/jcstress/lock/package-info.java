/**
 * Races of {@link io.memfuse.core.lock.AsyncReadWriteLock}, one small class each, grouped by what they are about. Outcomes are
 * told in words. What may happen and has to be seen happening is {@code ACCEPTABLE_INTERESTING}: a campaign in which it never
 * occurred proves nothing, and fails.
 *
 * <p>Uses the public API of the lock alone, so that it holds for whatever stands behind it.
 */
@NullMarked
package io.memfuse.jcstress.lock;

import org.jspecify.annotations.NullMarked;
