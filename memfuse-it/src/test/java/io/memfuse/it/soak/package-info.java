/**
 * Load for as long as it is told, with all that comes and goes in such a time: nothing may grow. Its chart is in
 * {@code docs/results.md}.
 */
@NullMarked
package io.memfuse.it.soak;

import org.jspecify.annotations.NullMarked;
