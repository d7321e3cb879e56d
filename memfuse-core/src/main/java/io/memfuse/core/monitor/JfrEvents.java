package io.memfuse.core.monitor;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of pools in a recording. Each is written when it is over; how long it took is a field of its own. */
final class JfrEvents {

    private JfrEvents() {}

    /** Of one pool. */
    @Category({"MemFuse", "Pools"})
    abstract static class OfPool extends Event {

        @Label("Pool")
        @Nullable String pool;
    }

    @Name("io.memfuse.PoolOpened")
    @Label("Pool Opened")
    @StackTrace(false)
    static final class PoolOpened extends OfPool {

        @Label("Took")
        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("io.memfuse.PoolOpenFailed")
    @Label("Pool Open Failed")
    @StackTrace(false)
    static final class PoolOpenFailed extends OfPool {

        @Label("Reason")
        @Nullable String reason;
    }

    @Name("io.memfuse.ConnectFailed")
    @Label("Connect Failed")
    @Description("A physical connection could not be established")
    @StackTrace(false)
    static final class ConnectFailed extends OfPool {

        @Label("Reason")
        @Nullable String reason;
    }

    @Name("io.memfuse.AcquireWait")
    @Label("Acquire Wait")
    @Description("A borrower waited for a connection longer than the threshold")
    static final class AcquireWait extends OfPool {

        @Label("Waited")
        @Timespan(Timespan.NANOSECONDS)
        long waited;
    }

    @Name("io.memfuse.AcquireTimeout")
    @Label("Acquire Time-out")
    @Description("A borrower gave up waiting for a connection")
    static final class AcquireTimeout extends OfPool {

        @Label("Waited")
        @Timespan(Timespan.NANOSECONDS)
        long waited;
    }

    @Name("io.memfuse.AcquireRefused")
    @Label("Acquire Refused")
    @Description("A borrower was refused, for no connection could be made")
    @StackTrace(false)
    static final class AcquireRefused extends OfPool {

        @Label("Reason")
        @Nullable String reason;
    }

    @Name("io.memfuse.ConnectionLeaked")
    @Label("Connection Leaked")
    @Description("A connection has been held for longer than the leak threshold")
    @StackTrace(false)
    static final class ConnectionLeaked extends OfPool {

        @Label("Holder")
        @Description("The thread, or the name that a reactive borrower gave")
        @Nullable String holder;

        @Label("Taken At")
        @Description("The line of code that borrowed it, if that was recorded")
        @Nullable String takenAt;

        @Label("Held")
        @Timespan(Timespan.NANOSECONDS)
        long held;
    }

    @Name("io.memfuse.PoolEvicted")
    @Label("Pool Evicted")
    @Description("A pool left the registry and is being drained")
    @StackTrace(false)
    static final class PoolEvicted extends OfPool {}

    @Name("io.memfuse.PoolClosed")
    @Label("Pool Closed")
    @StackTrace(false)
    static final class PoolClosed extends OfPool {

        @Label("Took")
        @Timespan(Timespan.NANOSECONDS)
        long took;

        @Label("Aborted")
        @Description("Connections in use that were cut off")
        int aborted;
    }
}
