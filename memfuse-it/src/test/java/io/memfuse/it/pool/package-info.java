/** Pools on a real server, by their SPI alone: what the settings do there, what stays, what goes. */
@NullMarked
package io.memfuse.it.pool;

import org.jspecify.annotations.NullMarked;
