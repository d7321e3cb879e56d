/**
 * JSON records by key, for each user: {@link io.memfuse.services.storage.StorageService}. PostgreSQL checks the JSON and
 * keeps it as {@code jsonb}; no JSON library is needed. May use {@code io.memfuse.services} and its {@code sql}.
 */
@NullMarked
package io.memfuse.services.storage;

import org.jspecify.annotations.NullMarked;
