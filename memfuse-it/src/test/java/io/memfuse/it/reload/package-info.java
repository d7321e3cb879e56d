/** Another configuration for a platform under load. */
@NullMarked
package io.memfuse.it.reload;

import org.jspecify.annotations.NullMarked;
