/**
 * The console: a page that shows what the platform does, what it is made of as JSON, and a few things to do to a pool. {@link
 * io.memfuse.cli.console.Console} serves it on the JDK's HTTP server.
 *
 * <p>Once a second {@code Sampler} looks at the platform; all browsers are sent the same text, so that one more costs next
 * to nothing. {@code Access} says who may do what. No thread waits without a deadline: {@code PunctualExecutor} cuts off who is
 * slow. No answer contains a secret. May use {@code output} and {@code startup}.
 */
@NullMarked
package io.memfuse.cli.console;

import org.jspecify.annotations.NullMarked;
