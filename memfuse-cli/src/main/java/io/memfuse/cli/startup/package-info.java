/**
 * The start of a platform as people and programs read it: {@link io.memfuse.cli.startup.StartupProgress} while it goes on, as
 * bars on a terminal and as lines elsewhere; the report as a table and as JSON when it is done. May use {@code output}.
 */
@NullMarked
package io.memfuse.cli.startup;

import org.jspecify.annotations.NullMarked;
