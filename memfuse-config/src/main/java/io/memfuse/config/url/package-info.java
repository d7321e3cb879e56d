/**
 * URLs of databases.
 *
 * <p>The URLs of PostgreSQL as people have them, taken apart; no complaint shows a part of one.
 *
 * <p>May use {@code kind}, and those before it; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.url;

import org.jspecify.annotations.NullMarked;
