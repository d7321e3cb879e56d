/**
 * Write-behind for each user: {@link io.memfuse.services.buffer.BufferService} accepts records at once and writes them soon,
 * in batches. Bounded, and pushes back when full; what it accepted is written once, in order, or named in an error.
 *
 * <p>Knows no table and no SQL: what a record is and how it is written says the {@link io.memfuse.services.buffer.BufferSink}
 * that a channel is opened with. Has no thread of its own. May use
 * {@code io.memfuse.services}.
 */
@NullMarked
package io.memfuse.services.buffer;

import org.jspecify.annotations.NullMarked;
