/**
 * From a file to records.
 *
 * <p>From a tree of nodes to the records of {@code io.memfuse.config}: environment over file, defaults, databases, conflicts. Reads on after
 * a problem, so that all of them are in one report.
 *
 * <p>May use {@code key}, and those before it; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.read;

import org.jspecify.annotations.NullMarked;
