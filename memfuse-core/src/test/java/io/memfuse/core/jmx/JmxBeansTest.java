package io.memfuse.core.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JmxBeansTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final EngineThreads threads = TestThreads.onCaller(time);
    private final PoolMonitor monitor = new PoolMonitor(1);
    private final FakePoolProvider provider = new FakePoolProvider();
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .listener(monitor)
            .threads(threads)
            .ticker(time)
            .build();
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private JmxBeans beans = new JmxBeans("test", registry, monitor, server, threads);

    @AfterEach
    void close() {
        beans.close();
        registry.close(Duration.ZERO);
        threads.close();
    }

    private Pool open(String database) {
        registry.durable(key(database)).use();
        return provider.pools().get(provider.pools().size() - 1);
    }

    private PoolKey<Resource> key(String database) {
        return registry.register(FakePoolProvider.spec(database, 2, 20), Resource.class);
    }

    private ObjectName name(String database) throws Exception {
        return new ObjectName("io.memfuse:type=Pool,instance=\"test\",name=\"" + key(database) + "\"");
    }

    private List<String> shown() throws Exception {
        return server.queryNames(new ObjectName("io.memfuse:type=Pool,instance=\"test\",*"), null).stream()
                .map(name -> ObjectName.unquote(name.getKeyProperty("name")))
                .toList();
    }

    @Test
    void showAPoolAsItIs() throws Exception {
        Pool pool = open("orders");
        beans.start();
        pool.connections(7);
        pool.borrow(3);
        pool.waiting(2, Duration.ofMillis(1_500));
        pool.lendTimed(Duration.ofMillis(1));

        monitor.refused(key("orders"), PoolClosedException.drained(key("orders")));
        monitor.leaked(key("orders"), new ConnectionHolder("job", SECOND, List.of()));

        ObjectName orders = name("orders");
        assertThat(server.getAttribute(orders, "State")).isEqualTo("OPEN");
        assertThat(server.getAttribute(orders, "TotalConnections")).isEqualTo(7);
        assertThat(server.getAttribute(orders, "ActiveConnections")).isEqualTo(3);
        assertThat(server.getAttribute(orders, "IdleConnections")).isEqualTo(4);
        assertThat(server.getAttribute(orders, "MinSize")).isEqualTo(2);
        assertThat(server.getAttribute(orders, "MaxSize")).isEqualTo(20);
        assertThat(server.getAttribute(orders, "Waiting")).isEqualTo(2);
        assertThat(server.getAttribute(orders, "OldestWaiterMillis")).isEqualTo(1_500L);
        assertThat(server.getAttribute(orders, "Acquired")).isEqualTo(1L);
        assertThat(server.getAttribute(orders, "Refused")).isEqualTo(1L);
        assertThat(server.getAttribute(orders, "Leaked")).isEqualTo(1L);
        assertThat((Long) server.getAttribute(orders, "WaitP99Micros")).isBetween(1_000L, 1_250L);
        assertThat(server.getAttribute(orders, "Error")).isEqualTo("");
        for (var attribute : server.getMBeanInfo(orders).getAttributes()) {
            assertThat(server.getAttribute(orders, attribute.getName()))
                    .as(attribute.getName())
                    .isNotNull();
        }
    }

    @Test
    void showTheLock() throws Exception {
        beans.start();
        open("orders");
        var lock = new ObjectName("io.memfuse:type=Lock,instance=\"test\"");
        assertThat((Long) server.getAttribute(lock, "Reads")).isPositive();
        for (var attribute : server.getMBeanInfo(lock).getAttributes()) {
            assertThat(server.getAttribute(lock, attribute.getName()))
                    .as(attribute.getName())
                    .isNotNull();
        }
    }

    @Test
    void comeAndGoWithTheirPools() throws Exception {
        beans.start();
        assertThat(shown()).isEmpty();

        open("orders");
        time.advance(SECOND);
        assertThat(shown()).containsExactly(key("orders").toString());

        registry.evict(key("orders")).toCompletableFuture().join();
        time.advance(SECOND);
        assertThat(shown()).isEmpty();
    }

    @Test
    void haveNamesThatStandForThemselves() throws Exception {
        open("a*b?c,d=e:f");
        beans.start();
        assertThat(shown()).containsExactly(key("a*b?c,d=e:f").toString());
    }

    @Test
    void areNoMoreThanTheirBound() throws Exception {
        beans = new JmxBeans("test", registry, monitor, server, threads, 2);
        open("a");
        open("b");
        open("c");
        beans.start();
        assertThat(shown()).hasSize(2);

        registry.evict(key("a")).toCompletableFuture().join();
        time.advance(SECOND);
        assertThat(shown()).containsExactlyInAnyOrder(key("b").toString(), key("c").toString());
    }

    @Test
    void areAllGoneWhenTheyAreClosed() throws Exception {
        open("orders");
        beans.start();
        beans.close();
        time.advance(SECOND);
        assertThat(server.queryNames(new ObjectName("io.memfuse:instance=\"test\",*"), null))
                .isEmpty();
    }

    @Test
    void refuseANegativeBound() {
        assertThatThrownBy(() -> new JmxBeans("test", registry, monitor, server, threads, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxPools is -1; accepted: 0 or more");
    }
}
