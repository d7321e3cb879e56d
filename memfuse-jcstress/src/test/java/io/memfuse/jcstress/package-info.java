/** Runs the scenarios as a part of the build. */
@NullMarked
package io.memfuse.jcstress;

import org.jspecify.annotations.NullMarked;
