/**
 * What the services have in common: {@link io.memfuse.services.StorageException}, the one way in which the database's
 * failures reach their callers. Uses none of the packages below it.
 */
@NullMarked
package io.memfuse.services;

import org.jspecify.annotations.NullMarked;
