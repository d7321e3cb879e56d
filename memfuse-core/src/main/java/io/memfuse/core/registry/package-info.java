/**
 * All pools of the JVM: {@link io.memfuse.core.registry.PoolRegistry} opens each once, on first use, outside every lock;
 * {@link io.memfuse.core.registry.PoolLease} keeps one from being closed; {@link io.memfuse.core.registry.PoolAlias} is a name that
 * {@link io.memfuse.core.registry.RegistryChange} moves from one database to another.
 *
 * <p>Each key has a slot, and each slot a state object; one compare-and-set changes the state ({@code SlotMachine} has the
 * table). Finding an open pool is one read of it. Lock order: registry lock, then the lock of {@code PoolDrains}, then slot
 * state, then nothing; no provider, listener or logger is called under either. May use {@code time}, {@code thread}, {@code lock} and {@code pool}.
 */
@NullMarked
package io.memfuse.core.registry;

import org.jspecify.annotations.NullMarked;
