/**
 * From scores to a verdict and a page: scores with their errors, groups of rows with goals, and the two renderings, for the
 * terminal and for {@code docs/benchmarks.md}. Measures nothing. Uses no other package of this module.
 */
@NullMarked
package io.memfuse.bench.report;

import org.jspecify.annotations.NullMarked;
