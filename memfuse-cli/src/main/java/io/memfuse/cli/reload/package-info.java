/**
 * How a program that serves comes to another configuration: what asks for it, and what is said about it. Knows no command.
 */
@NullMarked
package io.memfuse.cli.reload;

import org.jspecify.annotations.NullMarked;
