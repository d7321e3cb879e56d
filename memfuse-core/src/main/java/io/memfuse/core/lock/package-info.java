/**
 * {@link io.memfuse.core.lock.AsyncReadWriteLock}: many readers or one writer, for threads and for callers that must not
 * block; fair, cancellable and measured. A public utility that the registry is built on. May use {@code time} and {@code thread}.
 */
@NullMarked
package io.memfuse.core.lock;

import org.jspecify.annotations.NullMarked;
