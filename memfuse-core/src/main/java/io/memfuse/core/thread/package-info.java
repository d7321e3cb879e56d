/**
 * The threads of the engine: one scheduler and five bounded executors for all pools and services together, whatever
 * their number. Uses no other package of the core.
 */
@NullMarked
package io.memfuse.core.thread;

import org.jspecify.annotations.NullMarked;
