/**
 * A PostgreSQL server that lives as long as the program: nothing to install, no Docker, a temporary directory for its
 * data. {@link io.memfuse.cli.embedded.EmbeddedPostgres} is the way in. Works as root, by giving the server to an
 * unprivileged user, and as an ordinary user; several may start at once. Nothing stays behind, even if the JVM is killed,
 * with its whole process group where the system has {@code setsid}: a keeper process stops the server and removes its
 * directory as soon as the JVM is gone.
 *
 * <p>The binaries are those that the zonky project builds; they are unpacked once for each user of the machine. Uses the
 * JDK, the PostgreSQL driver and nothing of the other packages.
 */
@NullMarked
package io.memfuse.cli.embedded;

import org.jspecify.annotations.NullMarked;
