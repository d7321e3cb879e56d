package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.FakePoolProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The provider {@code found} connects to one host over TCP, as every provider does that says nothing; {@code fake} to all. */
class EndpointCheckTest {

    private static final String SOCKET =
            "names a Unix-domain socket, to which the provider 'found' does not connect; name the"
                    + " host and port on which the server listens too, such as localhost:5432, or a provider that does, such as"
                    + " 'r2dbc'";
    private static final String SEVERAL =
            "the provider 'found' connects to one host, whatever its sessions are like; name one"
                    + " host and no target_session_attrs, or another provider";

    private static List<String> problems(String yaml) {
        return Yaml.problems(() -> MemFuse.builder()
                        .config(Yaml.read(yaml))
                        .modules(MemFuseTest.bindProvider(new FakePoolProvider()))
                        .check())
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void namesWhatAProviderCannotConnectToWhereItStands() {
        assertThat(problems("""
                        databases:
                          tcp: {provider: found, url: 'postgresql://db1:1/a'}
                          socket: {provider: found, host: /run/pg}
                          by-url: {provider: found, url: 'postgresql://%2Frun%2Fpg/a'}
                          several: {provider: found, host: 'db1,db2'}
                          session: {provider: found, host: db3, target_session_attrs: standby}
                          reached: {provider: fake, host: 'db1,/run/pg', target_session_attrs: standby}
                        """))
                .containsExactly(
                        "memfuse.yaml:3:35: databases.socket.host: " + SOCKET,
                        "memfuse.yaml:4:34: databases.by-url.host: " + SOCKET,
                        "memfuse.yaml:5:36: databases.several.host: " + SEVERAL,
                        "memfuse.yaml:6:36: databases.session.host: " + SEVERAL);
    }

    @Test
    void namesAHostThatIsInherited() {
        assertThat(problems("{defaults: {host: /run/pg, provider: found}, databases: {a: {}}}"))
                .containsExactly("memfuse.yaml:1:19: databases.a.host: " + SOCKET);
    }

    @Test
    void namesTheEntryOfAWarmUp() {
        assertThat(problems("""
                        connection_pool:
                          warmup_configs:
                            - {provider: fake, database: a, host: /run/pg}
                            - {provider: found, database: b, host: /run/pg}
                        """))
                .containsExactly("memfuse.yaml:4:44: connection_pool.warmup_configs[1].host: " + SOCKET);
    }
}
