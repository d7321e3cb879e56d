/**
 * Live reload.
 *
 * <p>From one configuration to the next while requests run: {@code ReloadPlan} says what differs from the settings in place,
 * {@code PoolChanges} changes and opens pools, {@code NamesChange} moves the names in one step, {@code ServicesChange} has services made
 * anew.
 *
 * <p>May use {@code platform}, and those before it; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.reload;

import org.jspecify.annotations.NullMarked;
