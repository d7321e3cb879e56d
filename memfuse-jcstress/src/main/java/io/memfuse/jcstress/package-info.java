/**
 * The program that runs the scenarios of the packages below under jcstress and grades what came of them:
 * {@link io.memfuse.jcstress.StressRun}. It fails for an outcome that is forbidden, for a scenario that did not run and, in a
 * campaign, for an interesting outcome that never occurred.
 *
 * <p>Never released; uses the public API of the core.
 */
@NullMarked
package io.memfuse.jcstress;

import org.jspecify.annotations.NullMarked;
