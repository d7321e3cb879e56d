/** The program as its users run it: a process of its own, its output and its exit status. */
@NullMarked
package io.memfuse.it.cli;

import org.jspecify.annotations.NullMarked;
