/**
 * The messages of each user: {@link io.memfuse.services.memory.MemoryService} appends them through the buffer and finds
 * them again by time, by id and by full-text search of PostgreSQL. Sees its own writes before they are written. May use
 * {@code io.memfuse.services}, its {@code sql} and its {@code buffer}.
 */
@NullMarked
package io.memfuse.services.memory;

import org.jspecify.annotations.NullMarked;
