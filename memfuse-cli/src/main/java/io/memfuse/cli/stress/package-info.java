/**
 * Many requests at once through the whole platform, measured: {@link io.memfuse.cli.stress.StressTest} makes them and
 * {@link io.memfuse.cli.stress.StressResult} says how fast they were, what went wrong, and whether connections or threads
 * were left behind. The server's own view decides on connections, the JVM's on threads. May use {@code output}.
 */
@NullMarked
package io.memfuse.cli.stress;

import org.jspecify.annotations.NullMarked;
