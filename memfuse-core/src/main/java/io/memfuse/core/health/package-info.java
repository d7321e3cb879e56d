/**
 * How well each pool can serve: {@link io.memfuse.core.health.HealthMonitor} concludes it from what the pool's requests met,
 * and from a probe where there were none.
 */
@NullMarked
package io.memfuse.core.health;

import org.jspecify.annotations.NullMarked;
