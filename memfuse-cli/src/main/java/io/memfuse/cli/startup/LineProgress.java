package io.memfuse.cli.startup;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.service.ServiceKey;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import java.io.PrintStream;

/** One line for each beginning and each end. */
final class LineProgress implements StartupProgress {

    private final PrintStream out;
    private volatile boolean stopping;

    LineProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void warming(PoolKey<?> key) {
        out.println("warming pool " + key);
    }

    @Override
    public void settled(PoolEntry entry) {
        out.println(ReportTexts.sentence(entry, stopping));
    }

    @Override
    public void precaching(ServiceKey key) {
        out.println("making service " + key);
    }

    @Override
    public void settled(ServiceEntry entry) {
        out.println(ReportTexts.sentence(entry, stopping));
    }

    @Override
    public void stopping() {
        stopping = true;
        out.println(ReportTexts.STOPPING);
    }
}
