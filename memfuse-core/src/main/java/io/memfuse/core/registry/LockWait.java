package io.memfuse.core.registry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A recording's event of a wait for the registry's lock. Costs nothing while nothing records. */
@Name("io.memfuse.LockWait")
@Label("Lock Wait")
@Category("MemFuse")
@Description("Time until the registry's lock was acquired, if longer than the threshold")
@Threshold("10 ms")
final class LockWait extends Event {

    @Label("Mode")
    @Nullable String mode;
}
