/**
 * Everything together on a real PostgreSQL. {@link io.memfuse.it.TestServer} is the one server of the JVM,
 * {@link io.memfuse.it.TestDatabase} a fresh database on it for one test class, {@link io.memfuse.it.Backends} what the
 * server itself says about its connections. The tests stand in the packages below, one per subject.
 *
 * <p>Promises that a test finds nothing that another one left. Uses the public API of all modules.
 */
@NullMarked
package io.memfuse.it;

import org.jspecify.annotations.NullMarked;
