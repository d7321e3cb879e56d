/**
 * Measurements in which a server, or memory, takes part: too long and too few for JMH. The candidates of a
 * {@link io.memfuse.bench.rounds.Scenario} take turns, in another order each round, so that what disturbs the machine
 * disturbs all alike. Each scenario runs in JVMs of its own. Uses {@code peer} and {@code stub}.
 */
@NullMarked
package io.memfuse.bench.rounds;

import org.jspecify.annotations.NullMarked;
