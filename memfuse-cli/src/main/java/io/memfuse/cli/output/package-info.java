/**
 * What the program writes: for people, whether they look at a terminal ({@link io.memfuse.cli.output.Terminal}), tables
 * ({@link io.memfuse.cli.output.Table}), bars, lines that are drawn again in place
 * ({@link io.memfuse.cli.output.LiveRegion}); for programs {@link io.memfuse.cli.output.Json}. Knows nothing of pools.
 */
@NullMarked
package io.memfuse.cli.output;

import org.jspecify.annotations.NullMarked;
