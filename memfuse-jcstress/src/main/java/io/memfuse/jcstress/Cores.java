package io.memfuse.jcstress;

import java.util.List;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.Scheduler;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.os.topology.PresetRegularTopology;
import org.openjdk.jcstress.os.topology.Topology;
import org.openjdk.jcstress.os.topology.TopologyParseException;

/** Where the actors of a scenario run. jcstress by itself leaves out what has more actors than the machine has cores. */
enum Cores {

    /** Each actor has a core of its own. */
    OWN("THREAD_SPIN_WAIT") {
        @Override
        boolean fits(int actors, Options options) {
            return actors <= options.getCPUCount();
        }

        @Override
        Scheduler scheduler(Options options) {
            return new Scheduler(Topology.get(), options.getCPUCount());
        }

        @Override
        List<SchedulingClass> places(int actors, Options options) {
            return scheduler(options).scheduleClasses(actors, options.getCPUCount(), options.affinityMode());
        }
    },

    /** There are more actors than cores: they race by being preempted, and have to yield instead of spin. */
    SHARED("THREAD_YIELD") {
        private static final int ACTORS = 4;

        @Override
        boolean fits(int actors, Options options) {
            return !OWN.fits(actors, options);
        }

        @Override
        Scheduler scheduler(Options options) {
            try {
                return new Scheduler(new PresetRegularTopology(1, ACTORS, 1), ACTORS);
            } catch (TopologyParseException e) {
                throw new AssertionError("one node of single cores is well formed", e);
            }
        }

        @Override
        List<SchedulingClass> places(int actors, Options options) {
            return scheduler(options).scheduleClasses(actors, ACTORS, AffinityMode.NONE);
        }
    };

    private final String spinStyle;

    Cores(String spinStyle) {
        this.spinStyle = spinStyle;
    }

    /** How actors wait for one another, for jcstress. */
    List<String> options() {
        return List.of("-spinStyle", spinStyle);
    }

    /** Whether scenarios with so many actors run here: each does in one place or the other. */
    abstract boolean fits(int actors, Options options);

    abstract Scheduler scheduler(Options options);

    abstract List<SchedulingClass> places(int actors, Options options);
}
