package io.memfuse.config.read;

import io.memfuse.config.MonitoringConfig;
import io.memfuse.config.key.MonitoringKeys;
import io.memfuse.config.kind.Section;

/** Reads the section {@code monitoring}. */
public final class MonitoringReader {

    private MonitoringReader() {}

    /** Returns what is right in the section; what is wrong is reported. */
    public static MonitoringConfig read(Section section) {
        section.refuseUnknownKeys(MonitoringKeys.names());
        return new MonitoringConfig(
                section.get(MonitoringKeys.TIMES_ONE_IN).orElse(MonitoringConfig.DEFAULT.timesOneIn()),
                section.get(MonitoringKeys.PROBE_AFTER).orElse(MonitoringConfig.DEFAULT.probeAfter()));
    }
}
