/**
 * The program behind {@code memfuse-bench/run}: measures what the catalogue lists, each measurement in a JVM of its own, and
 * writes down how it compares with the goals. {@link io.memfuse.bench.Catalogue} is the one place that says what is
 * measured against what. May use every package of this module; none may use it.
 */
@NullMarked
package io.memfuse.bench;

import org.jspecify.annotations.NullMarked;
