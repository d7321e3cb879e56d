/**
 * The program {@code memfuse}: {@link io.memfuse.cli.Main} and one class for each command, which read the options, start
 * the platform and say in an exit status how it went ({@link io.memfuse.cli.ExitStatus}).
 *
 * <p>What a command prints on standard output is its result; with {@code --json} one object and nothing else. Progress and
 * logs go to standard error. No command shows a stack trace or a password. May use every other package of the module,
 * none of which uses this one.
 */
@NullMarked
package io.memfuse.cli;

import org.jspecify.annotations.NullMarked;
