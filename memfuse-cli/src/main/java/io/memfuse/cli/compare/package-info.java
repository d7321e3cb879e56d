/**
 * The claims of the first implementation, tried on the user's own machine: {@link io.memfuse.cli.compare.Comparison} plays the
 * same requests with one lock around everything and with MemFuse, in turns.
 */
@NullMarked
package io.memfuse.cli.compare;

import org.jspecify.annotations.NullMarked;
