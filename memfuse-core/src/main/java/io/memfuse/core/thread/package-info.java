/**
 * The threads of the engine: one scheduler and five bounded executors for all pools and services together, whatever
 * their number; and how a thread, whosever it is, waits for a future. May use {@code time}.
 */
@NullMarked
package io.memfuse.core.thread;

import org.jspecify.annotations.NullMarked;
