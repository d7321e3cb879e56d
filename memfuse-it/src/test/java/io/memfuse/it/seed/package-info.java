/** What the first MemFuse was tested for, shown of this one: on a real PostgreSQL, through the public API. */
@NullMarked
package io.memfuse.it.seed;

import org.jspecify.annotations.NullMarked;
