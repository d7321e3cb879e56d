/**
 * Shows the pools and the registry's lock to the JDK's management tools: {@link io.memfuse.core.jmx.JmxBeans} registers one
 * bean for each pool that is there, up to a bound, and one for the lock.
 */
@NullMarked
package io.memfuse.core.jmx;

import org.jspecify.annotations.NullMarked;
