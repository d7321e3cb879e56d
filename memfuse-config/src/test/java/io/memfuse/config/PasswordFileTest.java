package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.secret.PasswordFile;
import io.memfuse.core.pool.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordFileTest {

    private static final PasswordFile.Login LOGIN = new PasswordFile.Login("db1", 5432, "sales", "alice");

    @TempDir
    private Path folder = Path.of("");

    private Path file(String content, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(".pgpass"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private Path file(String content) throws IOException {
        return file(content, "rw-------");
    }

    private DatabaseConfig read(String yaml, Map<String, String> environment) {
        return Yaml.read("databases: {orders: {" + yaml + "}}", environment)
                .databases()
                .get(0);
    }

    private Optional<PasswordFile.Match> find(String content) throws IOException {
        return new PasswordFile(file(content)).find(LOGIN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            db1:5432:sales:alice:s3cret         | s3cret
            *:*:*:*:s3cret                      | s3cret
            *:5432:*:alice:s3cret               | s3cret
            d\\b1:5432:sales:alice:s3cret       | s3cret
            db1:5432:sales:alice:a\\:b\\\\c     | a:b\\c
            db1:5432:sales:alice:a b            | a b
            db1:5432:sales:alice:a:ignored      | a
            """)
    void hasThePasswordOfALogin(String line, String password) throws IOException {
        assertThat(find(line)).contains(new PasswordFile.Match(password, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db2:5432:sales:alice:s3cret",
                "db1:5433:sales:alice:s3cret",
                "db1:5432:Sales:alice:s3cret",
                "db1:5432:sales:bob:s3cret",
                "db1:5432:sales:alice",
                "d*:5432:sales:alice:s3cret",
                "\\*:5432:sales:alice:s3cret",
                "#db1:5432:sales:alice:s3cret"
            })
    void hasNoneIfNoLineFits(String line) throws IOException {
        assertThat(find(line)).isEmpty();
    }

    @Test
    void takesTheFirstLineThatFits() throws IOException {
        assertThat(find("# all\n\ndb2:*:*:*:no\r\ndb1:*:*:*:first\r\ndb1:5432:sales:alice:second\n"))
                .contains(new PasswordFile.Match("first", 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-", "rw---x---"})
    void isNotUsedIfOthersMay(String permissions) throws IOException {
        assertThat(new PasswordFile(file("*:*:*:*:s3cret", permissions)).find(LOGIN))
                .isEmpty();
    }

    @Test
    void isNotUsedUnlessItIsAFile() {
        assertThat(new PasswordFile(folder).find(LOGIN)).isEmpty();
        assertThat(new PasswordFile(folder.resolve("none")).find(LOGIN)).isEmpty();
    }

    @Test
    void isTheOneThatTheEnvironmentNamesOrThatOfTheHome() throws IOException {
        Path file = file("*:*:*:*:s3cret");

        assertThat(read("", Map.of("PGPASSFILE", file.toString())).spec().password())
                .isEqualTo(Secret.of("s3cret"));
        assertThat(read("", Map.of("HOME", folder.toString())).spec().password())
                .isEqualTo(Secret.of("s3cret"));
        assertThat(read(
                                "",
                                Map.of(
                                        "HOME",
                                        folder.toString(),
                                        "PGPASSFILE",
                                        folder.resolve("none").toString()))
                        .spec()
                        .password())
                .isEqualTo(Secret.none());
        assertThat(read("", Map.of()).spec().password()).isEqualTo(Secret.none());
    }

    @Test
    void isLookedAtForWhatADatabaseIsInTheEnd() throws IOException {
        Path file = file("""
                db1:6432:sales:alice:of-keys
                \\:\\:1:5432:orders:postgres:of-an-address
                localhost:5432:orders:postgres:of-defaults
                """);
        Map<String, String> environment = Map.of("PGPASSFILE", file.toString());

        assertThat(read("host: db1, port: 6432, database: sales, user: alice", environment)
                        .spec()
                        .password()
                        .reveal())
                .isEqualTo("of-keys");
        assertThat(read("url: 'postgresql://alice@db1:6432/sales'", environment)
                        .spec()
                        .password()
                        .reveal())
                .isEqualTo("of-keys");
        assertThat(read("host: '[::1]'", environment).spec().password().reveal())
                .isEqualTo("of-an-address");
        assertThat(read("", environment).spec().password().reveal()).isEqualTo("of-defaults");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            host: /run/pg                             | of-run
            host: /tmp                                | of-localhost
            host: /var/run/postgresql                 | of-localhost
            url: 'postgresql://%2Frun%2Fpg/orders'    | of-run
            host: "none,db1"                          | of-db1
            host: "db1:5432,db1:5433"                 | of-db1
            """)
    void knowsSocketsAndSeveralHosts(String yaml, String password) throws IOException {
        Path file = file("""
                db1:5432:*:*:of-db1
                /run/pg:5432:*:*:of-run
                localhost:5432:*:*:of-localhost
                """);

        assertThat(read(yaml, Map.of("PGPASSFILE", file.toString()))
                        .spec()
                        .password()
                        .reveal())
                .isEqualTo(password);
    }

    @Test
    void mustNotHaveSeveralPasswordsForTheHostsOfOnePool() throws IOException {
        Path file = file("db1:*:*:*:HUSH1\ndb2:*:*:*:HUSH2");

        assertThat(Yaml.problems(
                        () -> Yaml.read("databases: {a: {host: 'db1,db2'}}", Map.of("PGPASSFILE", file.toString()))))
                .extracting(Problem::toString)
                .containsExactly(
                        "memfuse.yaml:1:23: databases.a.host: names several hosts, for which the password file has"
                                + " several passwords; a pool has one: give 'password'");
    }

    @Test
    void isReadAgainForEachOfSeveralHosts() throws IOException {
        Path file = file("none:*:*:*:x");
        Secret password = read("host: 'db1,db2'", Map.of("PGPASSFILE", file.toString()))
                .spec()
                .password();

        file("db2:*:*:*:new");

        assertThat(password.renew("")).isTrue();
        assertThat(password.reveal()).isEqualTo("new");
    }

    @Test
    void isNotLookedAtIfAPasswordIsGiven() throws IOException {
        Map<String, String> environment =
                Map.of("PGPASSFILE", file("*:*:*:*:s3cret").toString());

        assertThat(read("password: own", environment).spec().password()).isEqualTo(Secret.of("own"));
        assertThat(read("url: 'postgresql://u:own@db1'", environment).spec().password())
                .isEqualTo(Secret.of("own"));
        assertThat(read("password: ''", environment).spec().password()).isEqualTo(Secret.none());
    }

    @Test
    void isReadAgainWhenAPasswordIsRefused() throws IOException {
        Path file = file("*:*:*:*:old");
        Secret password = read("", Map.of("PGPASSFILE", file.toString())).spec().password();
        assertThat(password.renew("old")).isFalse();

        file("*:*:*:*:new");

        assertThat(password.renew("old")).isTrue();
        assertThat(password.reveal()).isEqualTo("new");
    }

    @Test
    void isWhereThePasswordComesFrom() throws IOException {
        Path file = file("# mine\n*:*:*:*:not-to-be-shown");
        MemFuseConfig config = Yaml.read("databases: {orders: {}}", Map.of("PGPASSFILE", file.toString()));

        assertThat(config.origins().of("databases.orders.password")).contains(new Origin(file.toString(), 2, 1, false));
        assertThat(config.toString()).doesNotContain("not-to-be-shown");
    }
}
