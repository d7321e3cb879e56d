/** Getting a user's service that is there. Uses no other package of this module. */
@NullMarked
package io.memfuse.bench.service;

import org.jspecify.annotations.NullMarked;
