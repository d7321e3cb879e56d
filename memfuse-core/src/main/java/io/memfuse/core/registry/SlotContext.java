package io.memfuse.core.registry;

/**
 * What the slots of one registry share.
 *
 * @param engine threads, time and listener
 * @param drains what has left a slot and is not over yet
 * @param numbers asks pools for theirs
 * @param warmUps those under way
 * @param opened is run after each opening; does not block
 */
record SlotContext(RegistryEngine engine, PoolDrains drains, PoolNumbers numbers, WarmUps warmUps, Runnable opened) {}
