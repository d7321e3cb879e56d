package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.Secret;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {

    private static final String FILE = """
            defaults:
              max_size: 10
            databases:
              orders:
                max_size: 20
                server_settings: {work_mem: 4MB, app.flag: x}
              big-users:
              both: {}
            connection_pool:
              warmup_configs:
                - {database: memfuse, password: written}
              precache_configs:
                - {user: alice, services: [memory, buffer]}
            """;

    private static MemFuseConfig read(String variable, String value) {
        return Yaml.read(FILE.replace("big-users:", "big-users: {}"), Map.of(variable, value));
    }

    private static List<String> problems(Map<String, String> environment) {
        return Yaml.problems(() -> Yaml.read(FILE.replace("big-users:", "big-users: {}"), environment)).stream()
                .map(Problem::toString)
                .toList();
    }

    private static DatabaseConfig database(MemFuseConfig config, String name) {
        return config.allDatabases().stream()
                .filter(database -> database.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void goBeforeWhatADatabaseSays() {
        MemFuseConfig config = read("MEMFUSE__DATABASES__ORDERS__MAX_SIZE", "30");

        assertThat(database(config, "orders").spec().limits().maxSize()).isEqualTo(30);
        assertThat(database(config, "both").spec().limits().maxSize()).isEqualTo(10);
        assertThat(config.origins().of("databases.orders.max_size"))
                .contains(new Origin("MEMFUSE__DATABASES__ORDERS__MAX_SIZE", 0, 0, false));
    }

    @Test
    void ofDefaultsComeAfterWhatADatabaseSays() {
        MemFuseConfig config = read("MEMFUSE__DEFAULTS__MAX_SIZE", "30");

        assertThat(database(config, "orders").spec().limits().maxSize()).isEqualTo(20);
        assertThat(database(config, "both").spec().limits().maxSize()).isEqualTo(30);
    }

    @Test
    void setWhatTheFileDoesNotHave() {
        MemFuseConfig config = read("MEMFUSE__SERVICES__BUFFER__CAPACITY", "7");

        assertThat(config.services()).isEqualTo(Map.of("buffer", Map.of("capacity", "7")));
    }

    @Test
    void fillADatabaseThatHasNothing() {
        MemFuseConfig config = Yaml.read(FILE, Map.of("MEMFUSE__DATABASES__BIG_USERS__PORT", "6432"));

        assertThat(database(config, "big-users").spec().endpoints().first().port())
                .isEqualTo(6432);
    }

    @Test
    void reachKeysWithOtherCharactersThanVariablesHave() {
        assertThat(database(read("MEMFUSE__DATABASES__BIG_USERS__PORT", "6432"), "big-users")
                        .spec()
                        .endpoints()
                        .first()
                        .port())
                .isEqualTo(6432);
        assertThat(database(read("MEMFUSE__DATABASES__ORDERS__SERVER_SETTINGS__APP_FLAG", "y"), "orders")
                        .spec()
                        .serverSettings())
                .isEqualTo(Map.of("work_mem", "4MB", "app.flag", "y"));
    }

    @Test
    void reachItemsOfListsByTheirNumber() {
        MemFuseConfig config = read("MEMFUSE__CONNECTION_POOL__WARMUP_CONFIGS__0__PASSWORD", "other");

        assertThat(database(config, "memfuse").spec().password()).isEqualTo(Secret.of("other"));
        assertThat(read("MEMFUSE__CONNECTION_POOL__PRECACHE_CONFIGS__0__SERVICES__1", "storage")
                        .connectionPool()
                        .precacheConfigs()
                        .get(0)
                        .services())
                .containsExactly("memory", "storage");
    }

    @Test
    void mayNameFurtherVariables() {
        MemFuseConfig config = Yaml.read(
                "databases: {orders: {}}", Map.of("MEMFUSE__DATABASES__ORDERS__PASSWORD", "${P}", "P", "s3cret"));

        assertThat(config.databases().get(0).spec().password()).isEqualTo(Secret.of("s3cret"));
    }

    @Test
    void areReportedAsTheFileIsWithTheNameOfTheVariable() {
        assertThat(problems(Map.of(
                        "MEMFUSE__DATABASES__ORDERS__MAX_SIZE", "0",
                        "MEMFUSE__DATABASES__ORDERS__MAXSIZE", "30",
                        "MEMFUSE__DATABASES__ODERS__MAX_SIZE", "30",
                        "MEMFUSE__DEFAULTS", "x",
                        "MEMFUSE__DEFAULTS__PORT__X", "1",
                        "MEMFUSE__CONNECTION_POOL__WARMUP_CONFIGS__1__PORT", "1",
                        "MEMFUSE__CONNECTION_POOL__WARMUP_CONFIGS__X", "1",
                        "MEMFUSE__MONITOR__X", "1",
                        "MEMFUSE__", "1")))
                .containsExactlyInAnyOrder(
                        "MEMFUSE__DATABASES__ORDERS__MAX_SIZE: databases.orders.max_size: '0' is out of range; "
                                + "accepted: 1 to 10000",
                        "MEMFUSE__DATABASES__ORDERS__MAXSIZE: databases.orders.maxsize: unknown key; "
                                + "did you mean 'max_size'?",
                        "MEMFUSE__DATABASES__ODERS__MAX_SIZE: databases: the file has nothing that 'ODERS' stands for; "
                                + "did you mean 'orders'?",
                        "MEMFUSE__DEFAULTS: defaults: is a single value; expected keys with values ('key: value')",
                        "MEMFUSE__DEFAULTS__PORT__X: defaults: is a single value; override it as a whole",
                        "MEMFUSE__CONNECTION_POOL__WARMUP_CONFIGS__1__PORT: connection_pool.warmup_configs: "
                                + "'1' is not the number of an item; accepted: 0 to 0",
                        "MEMFUSE__CONNECTION_POOL__WARMUP_CONFIGS__X: connection_pool.warmup_configs: "
                                + "'X' is not the number of an item; accepted: 0 to 0",
                        "MEMFUSE__MONITOR__X: monitor: unknown key; did you mean 'monitoring'?",
                        "MEMFUSE__: unknown key; known: connection_pool, databases, defaults, monitoring, services");
    }

    @Test
    void thatStandForTwoKeysAreRefused() {
        assertThat(Yaml.problems(
                        () -> Yaml.read("databases: {a-b: {}, a.b: {}}", Map.of("MEMFUSE__DATABASES__A_B__PORT", "1"))))
                .extracting(Problem::toString)
                .containsExactly("MEMFUSE__DATABASES__A_B__PORT: databases: 'A_B' stands for a-b and a.b; rename one");
    }

    @Test
    void showNoSecret() {
        assertThat(problems(Map.of(
                        "MEMFUSE__DATABASES__ORDERS__PASSWORD", "not-to-be-shown\0",
                        "MEMFUSE__DATABASES__ORDERS__PASSWORD__X", "not-to-be-shown")))
                .hasSize(2)
                .noneMatch(problem -> problem.contains("not-to-be-shown"));
    }
}
