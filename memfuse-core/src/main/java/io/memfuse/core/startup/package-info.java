/**
 * From nothing to ready: warms the pools, pre-caches the services of common users, and reports what came of each entry.
 * An entry that fails stops no other and is tried again in the background. May use every package before it.
 */
@NullMarked
package io.memfuse.core.startup;

import org.jspecify.annotations.NullMarked;
