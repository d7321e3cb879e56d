package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.found.Vault;
import io.memfuse.core.pool.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords that are kept elsewhere than in the file. */
class SecretsTest {

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void emptyTheVault() {
        Vault.SECRETS.clear();
    }

    private static Secret password(String lines) {
        return Yaml.read("databases: {orders: {" + lines + "}}")
                .databases()
                .get(0)
                .spec()
                .password();
    }

    @Test
    void comeFromAProvider() {
        Vault.SECRETS.put("db/orders#password", "s3cret");

        assertThat(password("password: 'x${vault:db/orders#password}'").reveal())
                .isEqualTo("xs3cret");
    }

    @Test
    void ofAProviderAreAskedForAgainWhenTheyAreRefused() {
        Vault.SECRETS.put("orders", "old");
        Secret password = password("password: '${vault:orders}'");
        assertThat(password.renew("old")).isFalse();

        Vault.SECRETS.put("orders", "new");

        assertThat(password.renew("old")).isTrue();
        assertThat(password.reveal()).isEqualTo("new");
    }

    @Test
    void staysWhatTheyAreWhileTheProviderHasNone() {
        Vault.SECRETS.put("orders", "old");
        Secret password = password("password: '${vault:orders}'");

        Vault.SECRETS.clear();

        assertThat(password.renew("old")).isFalse();
        assertThat(password.reveal()).isEqualTo("old");
    }

    @Test
    void ofAFileAreReadAgainWhenTheyAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "old");
        Secret password = password("password: '${file:" + file + "}'");
        Secret inUrl = password("url: 'postgresql://u:${file:" + file + "}@db1'");

        Files.writeString(file, "new");

        assertThat(password.renew("old")).isTrue();
        assertThat(password.reveal()).isEqualTo("new");
        assertThat(inUrl.renew("old")).isTrue();
        assertThat(inUrl.reveal()).isEqualTo("new");
    }

    @Test
    void thatAreWrittenStayWhatTheyAre() {
        assertThat(password("password: old").renew("old")).isFalse();
    }

    @Test
    void thatCannotBeHadAreReported() {
        Vault.SECRETS.put("empty", "");

        assertThat(Yaml.problems("databases: {a: {password: '${vault:none}'}, b: {password: '${vault:empty}'}}"))
                .containsExactly(
                        "memfuse.yaml:1:27: databases.a.password: the secret that '${vault:...}' names cannot be had: "
                                + "IOException; check what it names, and that its provider can reach its store",
                        "memfuse.yaml:1:59: databases.b.password: the secret that '${vault:...}' names is empty; "
                                + "check what it names");
    }

    @Test
    void ofAProviderThatIsNotThereAreTakenForVariables() {
        assertThat(password("password: '${safe:orders}'").reveal()).isEqualTo("orders");
    }
}
