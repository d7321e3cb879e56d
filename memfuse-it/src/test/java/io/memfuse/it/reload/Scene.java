package io.memfuse.it.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.it.Backends.Backend;
import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration file that is written again and again, and the server that it is about: {@code orders} is in one of two databases,
 * {@code stock} stays in the first, with a user of its own, {@code bills} is there at times. Not thread-safe.
 */
final class Scene {

    private static final String USER = "reloading";

    private final TestDatabase first;
    private final TestDatabase second;
    private final Path file;
    private final String provider;

    TestDatabase orders;
    String password = "one";
    int minSize = 2;
    int maxSize = 16;
    String applicationName = "orders-1";
    int commandTimeout = 60;
    int timeout = 30;
    boolean bills;

    Scene(TestDatabase first, TestDatabase second, Path folder, String provider) {
        this.first = first;
        this.second = second;
        this.orders = first;
        this.file = folder.resolve("memfuse.yaml");
        this.provider = provider;
        write();
    }

    static void prepare(TestDatabase... databases) {
        databases[0].execute("CREATE ROLE " + USER + " LOGIN PASSWORD 'one'");
        for (TestDatabase database : databases) {
            database.execute("CREATE TABLE ledger (transaction bigint, leg int, amount int)");
            database.execute("GRANT ALL ON ledger TO " + USER);
        }
    }

    static void clean(TestDatabase... databases) {
        for (TestDatabase database : databases) {
            database.execute("DROP OWNED BY " + USER);
        }
        databases[0].execute("DROP ROLE " + USER);
    }

    /** Gives the user another password, on the server and in the file. */
    void rotatePassword(String newPassword) {
        first.execute("ALTER ROLE " + USER + " PASSWORD '" + newPassword + "'");
        password = newPassword;
    }

    Path write() {
        try {
            return Files.writeString(file, yaml());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes something that is no configuration. */
    Path writeBad() {
        try {
            return Files.writeString(
                    file,
                    yaml().replace("min_size: " + minSize + "\n", "min_size: -1\n")
                            .replace("[orders, stock", "[orders, stokc"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String yaml() {
        String yaml = """
                defaults: {provider: %s, host: %s, port: %d, user: %s, password: "%s", timeout: %ds}
                databases:
                  orders:
                    database: %s
                    min_size: %d
                    max_size: %d
                    command_timeout: %d
                    server_settings: {application_name: %s}
                  stock:
                    database: %s
                    user: %s
                    password: "%s"
                    min_size: 1
                    max_size: 4
                    server_settings: {application_name: stock}
                """.formatted(
                        provider,
                        first.server().host(),
                        first.server().port(),
                        USER,
                        password,
                        timeout,
                        orders.name(),
                        minSize,
                        maxSize,
                        commandTimeout,
                        applicationName,
                        first.name(),
                        first.server().user(),
                        first.server().password());
        String more = bills
                ? "  bills: {database: %s, min_size: 3, max_size: 3, server_settings: {application_name: bills}}\n"
                        .formatted(first.server().database())
                : "";
        return yaml + more + "connection_pool: {warmup_configs: [orders, stock" + (bills ? ", bills" : "") + "]}\n";
    }

    /** Checks the server's own view: as many backends as configured, with the settings of now, and none of before. */
    void backendsAreAsConfigured() {
        List<Backend> all = orders.backends().all().stream()
                .filter(backend -> backend.applicationName().startsWith("orders"))
                .toList();
        assertThat(all).hasSizeBetween(minSize, maxSize);
        assertThat(all).extracting(Backend::applicationName).containsOnly(applicationName);
        TestDatabase other = orders == first ? second : first;
        assertThat(other.backends().all())
                .extracting(Backend::applicationName)
                .noneMatch(name -> name.startsWith("orders"));
    }

    /** Returns how many transactions there are in both databases; checks that each is there as a whole. */
    long transactions() {
        long count = 0;
        for (TestDatabase database : List.of(first, second)) {
            assertThat(database.query("SELECT count(*) FROM (SELECT transaction FROM ledger GROUP BY transaction"
                            + " HAVING count(*) <> 2 OR sum(amount) <> 0) halves"))
                    .as("transactions of which there is a part only")
                    .isEqualTo("0");
            count += Long.parseLong(database.query("SELECT count(DISTINCT transaction) FROM ledger"));
        }
        return count;
    }
}
