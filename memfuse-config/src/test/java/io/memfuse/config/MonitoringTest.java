package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.testing.FakePoolProvider;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** The section {@code monitoring}. */
class MonitoringTest {

    private static final String DATABASE = "databases: {orders: {provider: fake}}\n";

    private static MonitoringConfig read(String yaml) {
        return Yaml.read(DATABASE + yaml).monitoring();
    }

    private static List<String> problems(String yaml) {
        return Yaml.problems(() -> Yaml.read(DATABASE + yaml)).stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void isOnUnlessTheFileSaysOtherwise() {
        assertThat(read("")).isEqualTo(MonitoringConfig.DEFAULT);
        assertThat(MonitoringConfig.DEFAULT)
                .isEqualTo(new MonitoringConfig(32, Duration.ofSeconds(30), HolderTracking.OFF, false));
    }

    @Test
    void readsEveryKey() {
        assertThat(read("monitoring: {times_one_in: 1, probe_after: 2m}"))
                .isEqualTo(new MonitoringConfig(1, Duration.ofMinutes(2), HolderTracking.OFF, false));
        assertThat(read("monitoring: {track_holders: 8, leak_threshold: 1m}").holderTracking())
                .isEqualTo(new HolderTracking(8, Duration.ofMinutes(1)));
        assertThat(read("monitoring: {jmx: true}").jmx()).isTrue();
        assertThat(read("monitoring: {track_holders: 1}").holderTracking()).isEqualTo(HolderTracking.all());
        assertThat(read("monitoring: {probe_after: 0}").probeAfter()).isZero();
    }

    @Test
    void isSetByTheEnvironment() {
        assertThat(Yaml.read(DATABASE, Map.of("MEMFUSE__MONITORING__TIMES_ONE_IN", "4"))
                        .monitoring()
                        .timesOneIn())
                .isEqualTo(4);
    }

    @Test
    void saysAllThatIsWrong() {
        assertThat(problems("monitoring: {times_one_in: 3, probe_after: 25h, probe_afte: 1s}"))
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem)
                        .contains("monitoring.times_one_in")
                        .contains("'3' is not a power of two")
                        .contains("1, 2, 4, 8, ... 1024"))
                .anySatisfy(problem ->
                        assertThat(problem).contains("monitoring.probe_after").contains("out of range"))
                .anySatisfy(
                        problem -> assertThat(problem).contains("probe_afte").contains("probe_after"));
        assertThat(problems("monitoring: {times_one_in: 0}")).hasSize(1);
        assertThat(problems("monitoring: {times_one_in: 2048}")).hasSize(1);
        assertThat(problems("monitoring: []")).hasSize(1);
        assertThat(problems("monitoring: {track_holders: 6}")).hasSize(1);
        assertThat(problems("monitoring: {leak_threshold: 1m}"))
                .singleElement()
                .asString()
                .endsWith("finds nothing while no holder is tracked; set 'track_holders: 1', or leave it out");
    }

    @Test
    void refusesWhatAProgramGetsWrong() {
        assertThatThrownBy(() -> new MonitoringConfig(3, Duration.ZERO, HolderTracking.OFF, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MonitoringConfig(0, Duration.ZERO, HolderTracking.OFF, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MonitoringConfig(1, Duration.ofNanos(-1), HolderTracking.OFF, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsBeansWhileThePlatformRuns() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        var names = new ObjectName("io.memfuse:*");
        try (MemFuse memfuse = MemFuse.builder()
                .config(Yaml.read(DATABASE + "connection_pool: {warmup_configs: [orders]}\nmonitoring: {jmx: true}"))
                .modules(MemFuseTest.bindProvider(new FakePoolProvider()))
                .start()) {
            assertThat(memfuse.report().allWell()).isTrue();
            await().untilAsserted(
                            () -> assertThat(beans.queryNames(names, null)).hasSize(2));
        }
        assertThat(beans.queryNames(names, null)).isEmpty();
    }

    @Test
    void reachesThePlatform() {
        var provider = new FakePoolProvider();
        try (MemFuse memfuse = MemFuse.builder()
                .config(Yaml.read(DATABASE + "monitoring: {times_one_in: 2}"))
                .modules(MemFuseTest.bindProvider(provider))
                .start()) {
            assertThat(memfuse.monitor().timesOneIn()).isEqualTo(2);
        }
    }
}
