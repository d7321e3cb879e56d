/** Our read-write lock beside the JDK's, and beside the candidates for its read side. Uses {@code candidates}. */
@NullMarked
package io.memfuse.bench.lock;

import org.jspecify.annotations.NullMarked;
