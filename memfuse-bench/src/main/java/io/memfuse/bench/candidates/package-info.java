/**
 * Read paths that were built to be measured, not to be used: the alternatives in the architecture decisions on the look-up
 * and on the lock's read side. Correct, each with a test, and no more than that. Uses no other package of this module.
 */
@NullMarked
package io.memfuse.bench.candidates;

import org.jspecify.annotations.NullMarked;
