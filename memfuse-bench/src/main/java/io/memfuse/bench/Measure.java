package io.memfuse.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One thing to measure. Equal measures are measured once. */
sealed interface Measure {

    /** Returns the name of what is measured. */
    String id();

    /**
     * A JMH benchmark with its parameters.
     *
     * @param method the class and the method, as {@code LookUp.find}
     * @param params the parameters, all of them
     * @param threads the threads that execute it
     * @param closely whether it is compared with something nearly as quick: then it is warmed until the JVM has compiled all
     *     of it, and measured in several JVMs, which compile differently, in a short run too
     * @param apart whether each object has cache lines of its own: where the collector happens to place those that several
     *     threads write may make more of a difference than what is compared
     */
    record Jmh(String method, Map<String, String> params, int threads, boolean closely, boolean apart)
            implements Measure {

        Jmh(String method, Map<String, String> params, int threads) {
            this(method, params, threads, false);
        }

        Jmh(String method, Map<String, String> params, int threads, boolean closely) {
            this(method, params, threads, closely, false);
        }

        public Jmh {
            params = Map.copyOf(params);
        }

        @Override
        public String id() {
            return method
                    + new TreeMap<>(params)
                            .entrySet().stream()
                                    .map(param -> param.getKey() + "=" + param.getValue())
                                    .collect(Collectors.joining(",", "(", ")"))
                    + "@" + threads + (apart ? " apart" : "");
        }
    }

    /**
     * The bytes that each operation of a benchmark allocates; measured with its time.
     *
     * @param benchmark the benchmark
     */
    record Bytes(Jmh benchmark) implements Measure {

        @Override
        public String id() {
            return benchmark.id() + " bytes";
        }
    }

    /**
     * A number that a scenario's rounds give for one of its candidates.
     *
     * @param scenario the name of the scenario
     * @param candidate who is measured
     * @param metric what is measured
     */
    record Round(String scenario, String candidate, String metric) implements Measure {

        @Override
        public String id() {
            return scenario + "/" + candidate + "/" + metric;
        }
    }
}
