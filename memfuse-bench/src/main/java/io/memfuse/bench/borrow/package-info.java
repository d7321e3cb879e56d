/** Taking a connection from a pool and giving it back, with a driver that does nothing. Uses {@code peer}. */
@NullMarked
package io.memfuse.bench.borrow;

import org.jspecify.annotations.NullMarked;
