/** The console in a real browser, over a platform under load. */
@NullMarked
package io.memfuse.it.console;

import org.jspecify.annotations.NullMarked;
