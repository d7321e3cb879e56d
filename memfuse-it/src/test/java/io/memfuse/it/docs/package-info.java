/** The code that README.md and docs show, compiled and run; and the versions that users import. */
@NullMarked
package io.memfuse.it.docs;

import org.jspecify.annotations.NullMarked;
