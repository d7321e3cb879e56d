package io.memfuse.jcstress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.vm.CompileMode;
import org.openjdk.jcstress.vm.VMSupport;

/** How much of a scenario is run: on which JVMs, and for how long. */
enum StressPlan {

    /** What each build runs: every scenario for a moment, in one JVM each. It finds what is broken, not what is rare. */
    SHARE(false, "-iters 1 -time 50 -strideCount 10 -pth false -af NONE") {

        private static final List<String> QUICK_TO_START =
                List.of("-Xmx256m", "-XX:-UsePerfData", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

        @Override
        void prepare(Options options) {
            // Nothing is probed: the JVMs are started as they are.
        }

        @Override
        List<Jvm> jvms(int actors) {
            return List.of(new Jvm(QUICK_TO_START, CompileMode.UNIFIED));
        }
    },

    /**
     * The long run: every scenario in JVMs that compile each actor otherwise (interpreter, C1, C2), and in some whose compiler
     * shuffles what it may shuffle. Here an interesting outcome has to occur.
     */
    CAMPAIGN(true, "-iters 5 -time 400 -fsm 1 -af LOCAL") {
        @Override
        void prepare(Options options) {
            VMSupport.initFlags(options);
            VMSupport.detectAvailableVMConfigs(true, List.of(), List.of());
        }

        @Override
        List<Jvm> jvms(int actors) {
            List<Jvm> jvms = new ArrayList<>();
            for (VMSupport.Config config : VMSupport.getAvailableVMConfigs()) {
                // No monitor stands in the code under test.
                if (!config.origArgs().contains("-XX:+UseBiasedLocking")) {
                    compileModes(actors)
                            .filter(mode -> !config.onlyIfC2() || CompileMode.hasC2(mode, actors))
                            .forEach(mode -> jvms.add(new Jvm(config.args(), mode)));
                }
            }
            return jvms;
        }

        private static Stream<Integer> compileModes(int actors) {
            // Three actors compile in 27 ways: they are compiled all alike.
            return actors > 2 || !VMSupport.compilerDirectivesAvailable()
                    ? Stream.of(CompileMode.UNIFIED)
                    : Arrays.stream(CompileMode.casesFor(actors, VMSupport.c1Available(), VMSupport.c2Available()))
                            .boxed();
        }
    };

    private final boolean demandsInteresting;
    private final String arguments;

    StressPlan(boolean demandsInteresting, String arguments) {
        this.demandsInteresting = demandsInteresting;
        this.arguments = arguments;
    }

    /** Whether an interesting outcome that never occurred is a failure. */
    boolean demandsInteresting() {
        return demandsInteresting;
    }

    /** Finds out what the JVMs of this machine can do. Called once, before {@link #configurations}. */
    abstract void prepare(Options options);

    abstract List<Jvm> jvms(int actors);

    /** Options of jcstress, each a name and a value; those given go before those of the plan. */
    Options options(List<String> given) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        for (List<String> some : List.of(List.of(arguments.split(" ")), given)) {
            for (int i = 0; i + 1 < some.size(); i += 2) {
                all.put(some.get(i), some.get(i + 1));
            }
        }
        var options = new Options(all.entrySet().stream()
                .flatMap(option -> Stream.of(option.getKey(), option.getValue()))
                .toArray(String[]::new));
        if (!options.parse()) {
            throw new IllegalArgumentException("not what jcstress takes: " + all);
        }
        return options;
    }

    List<TestConfig> configurations(TestInfo scenario, Options options, SchedulingClass where) {
        List<TestConfig> all = new ArrayList<>();
        for (Jvm jvm : jvms(scenario.threads())) {
            for (int fork = 0; fork < options.getForks(); fork++) {
                all.add(new TestConfig(options, scenario, fork, jvm.arguments(), jvm.compileMode(), where));
            }
        }
        return all;
    }

    /** One way to run a scenario. */
    record Jvm(List<String> arguments, int compileMode) {}
}
