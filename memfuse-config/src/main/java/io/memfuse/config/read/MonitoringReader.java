package io.memfuse.config.read;

import io.memfuse.config.MonitoringConfig;
import io.memfuse.config.key.MonitoringKeys;
import io.memfuse.config.kind.Section;
import io.memfuse.core.pool.HolderTracking;
import java.time.Duration;

/** Reads the section {@code monitoring}. */
public final class MonitoringReader {

    private MonitoringReader() {}

    /** Returns what is right in the section; what is wrong is reported. */
    public static MonitoringConfig read(Section section) {
        section.refuseUnknownKeys(MonitoringKeys.names());
        int track = section.get(MonitoringKeys.TRACK_HOLDERS).orElse(0);
        Duration leak = section.get(MonitoringKeys.LEAK_THRESHOLD).orElse(Duration.ZERO);
        if (track == 0 && !leak.isZero()) {
            section.problems()
                    .add(
                            section.placeOf(MonitoringKeys.LEAK_THRESHOLD.name()),
                            "finds nothing while no holder is tracked",
                            "set 'track_holders: 1', or leave it out");
        }
        return new MonitoringConfig(
                section.get(MonitoringKeys.TIMES_ONE_IN).orElse(MonitoringConfig.DEFAULT.timesOneIn()),
                section.get(MonitoringKeys.PROBE_AFTER).orElse(MonitoringConfig.DEFAULT.probeAfter()),
                new HolderTracking(track, track == 0 ? Duration.ZERO : leak),
                section.get(MonitoringKeys.JMX).orElse(false));
    }
}
