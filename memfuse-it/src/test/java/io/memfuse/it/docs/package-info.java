/** The code of README.md, compiled and run. */
@NullMarked
package io.memfuse.it.docs;

import org.jspecify.annotations.NullMarked;
