package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.key.DatabaseKey;
import io.memfuse.config.key.DatabaseKeys;
import io.memfuse.core.testing.FakePoolProvider;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MEMFUSE__DATABASES__ORDERS__MAX_SIZE",
            "30",
            "HOST",
            "db1",
            "TOKEN",
            "not-to-be-shown",
            "PW",
            "not-to-be-shown");

    private static List<String> effective(String yaml) {
        return effective(yaml, Map.of());
    }

    private static List<String> effective(String yaml, Map<String, String> environment) {
        return MemFuse.builder()
                .config(Yaml.read(yaml, environment))
                .modules(MemFuseTest.bindProvider(new FakePoolProvider()))
                .effective()
                .stream()
                .map(value -> value.path() + " = " + value.value() + " <- "
                        + value.origin().map(Origin::toString).orElse("built-in"))
                .toList();
    }

    @Test
    void showsEveryValueWithWhereItComesFrom() {
        assertThat(effective("""
                        defaults:
                          provider: found
                          max_size: 10
                          timeout: 5s
                          server_settings: {jit: off, work_mem: 4MB}
                        databases:
                          orders:
                            host: ${HOST}
                            password: ${PW}
                            max_size: 20
                            server_settings:
                              work_mem: 8MB
                              app.token: ${TOKEN}
                        connection_pool:
                          warmup_configs:
                            - orders
                          precache_configs:
                            - {user: alice, services: [note]}
                        services:
                          note: {lines: 7}
                        """, ENVIRONMENT))
                .containsExactly(
                        "databases.orders.database = orders <- built-in",
                        "databases.orders.provider = found <- memfuse.yaml:2:13",
                        "databases.orders.host = db1 <- memfuse.yaml:8:11",
                        "databases.orders.port = 5432 <- built-in",
                        "databases.orders.target_session_attrs = any <- built-in",
                        "databases.orders.load_balance_hosts = disable <- built-in",
                        "databases.orders.user = postgres <- built-in",
                        "databases.orders.password = [secret] <- memfuse.yaml:9:15",
                        "databases.orders.min_size = 5 <- built-in",
                        "databases.orders.max_size = 30 <- MEMFUSE__DATABASES__ORDERS__MAX_SIZE",
                        "databases.orders.max_queries = 50000 <- built-in",
                        "databases.orders.max_inactive_connection_lifetime = 5m <- built-in",
                        "databases.orders.max_connection_lifetime = 30m <- built-in",
                        "databases.orders.timeout = 5s <- memfuse.yaml:4:12",
                        "databases.orders.command_timeout = 1m <- built-in",
                        "databases.orders.server_settings.app.token = [secret] <- memfuse.yaml:13:18",
                        "databases.orders.server_settings.jit = off <- memfuse.yaml:5:26",
                        "databases.orders.server_settings.work_mem = 8MB <- memfuse.yaml:12:17",
                        "databases.orders.ssl_mode = prefer <- built-in",
                        "databases.orders.ssl_root_cert = none <- built-in",
                        "databases.orders.pinned = true <- built-in",
                        "connection_pool.pool_idle_timeout = 0 (for ever) <- built-in",
                        "connection_pool.max_open_pools = 0 <- built-in",
                        "connection_pool.warmup_configs[0] = orders <- memfuse.yaml:16:7",
                        "connection_pool.precache_configs[0].user = alice <- memfuse.yaml:18:14",
                        "connection_pool.precache_configs[0].services[0] = note <- memfuse.yaml:18:32",
                        "connection_pool.precache_configs[0].database = orders <- built-in",
                        "services.note.lines = 7 <- memfuse.yaml:20:17",
                        "services.note.chars = 80 <- built-in",
                        "services.note.kept = 90s <- built-in",
                        "monitoring.times_one_in = 32 <- built-in",
                        "monitoring.probe_after = 30s <- built-in",
                        "monitoring.track_holders = 0 (none) <- built-in",
                        "monitoring.leak_threshold = 0 (never) <- built-in",
                        "monitoring.jmx = false <- built-in");
    }

    @Test
    void showsSeveralHostsAsTheFileWouldWriteThem() {
        assertThat(effective("""
                        databases:
                          a:
                            provider: fake
                            host: "DB1., db2:5433, [0:0::1]"
                            target_session_attrs: read-write
                            load_balance_hosts: disable
                          b: {provider: fake, url: "postgresql://db2:5433,db1:5432/b?loadBalanceHosts=true"}
                        """))
                .contains(
                        "databases.a.host = db1,db2:5433,[::1] <- memfuse.yaml:4:11",
                        "databases.a.port = 5432 <- built-in",
                        "databases.a.target_session_attrs = read-write <- memfuse.yaml:5:27",
                        "databases.a.load_balance_hosts = disable <- memfuse.yaml:6:25",
                        "databases.b.host = db1,db2:5433 <- memfuse.yaml:7:28",
                        "databases.b.port = 5432 <- memfuse.yaml:7:28",
                        "databases.b.load_balance_hosts = random <- memfuse.yaml:7:28");
    }

    @Test
    void showsADatabaseThatAWarmUpDescribes() {
        assertThat(effective("""
                        connection_pool:
                          max_open_pools: 3
                          warmup_configs:
                            - {database: memfuse, provider: found, password: not-to-be-shown}
                        """))
                .contains(
                        "connection_pool.max_open_pools = 3 <- memfuse.yaml:2:19",
                        "connection_pool.warmup_configs[0].name = memfuse <- built-in",
                        "connection_pool.warmup_configs[0].database = memfuse <- memfuse.yaml:4:18",
                        "connection_pool.warmup_configs[0].password = [secret] <- memfuse.yaml:4:54");
    }

    /** A key that is declared and not shown, or shown and not declared, would be found here. */
    @Test
    void showsEveryKeyThatIsDeclared() {
        List<String> paths = effective("databases: {a: {provider: found, server_settings: {x: y}}}").stream()
                .filter(line -> line.startsWith("databases.a."))
                .map(line -> line.replaceAll("^databases\\.a\\.(\\w+).*", "$1"))
                .collect(Collectors.toList());

        assertThat(paths)
                .containsExactlyElementsOf(DatabaseKeys.OF_A_DATABASE.stream()
                        .map(DatabaseKey::name)
                        .toList());
    }
}
