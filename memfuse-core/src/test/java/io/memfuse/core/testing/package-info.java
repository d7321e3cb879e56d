/** Hand-written fakes of the SPI and of time, for the tests of all modules. */
@NullMarked
package io.memfuse.core.testing;

import org.jspecify.annotations.NullMarked;
