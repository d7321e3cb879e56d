package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.config.found.NoteFactory.Note;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceException;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.testing.FakePoolProvider;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The section {@code services}, and where services live. */
class ServicesTest {

    private static final String DATABASES = "databases: {first: {provider: fake}, second: {provider: fake}}\n";

    private final FakePoolProvider provider = new FakePoolProvider();

    private MemFuse.Builder builder(String yaml) {
        return MemFuse.builder()
                .config(Yaml.read(DATABASES + yaml, Map.of("TEXT", "not-to-be-shown")))
                .modules(MemFuseTest.bindProvider(provider));
    }

    private List<String> problems(String yaml) {
        return Yaml.problems(() -> builder(yaml).check()).stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void setsWhatAFactoryDeclares() {
        try (MemFuse memfuse = builder("services: {note: {lines: 7}}").start()) {
            assertThat(memfuse.services().get("alice", Note.class).lines()).isEqualTo(7);
        }
    }

    @Test
    void leavesTheRestAsItIsDeclared() {
        try (MemFuse memfuse = builder("services: {note: {kept: 0}}").start()) {
            assertThat(memfuse.services().get("alice", Note.class).lines()).isEqualTo(3);
        }
    }

    @Test
    void isCheckedAgainstWhatTheFactoriesDeclare() {
        assertThat(problems("""
                        services:
                          note:
                            lines: 0
                            line: 3
                            colour: blue
                            chars: ${TEXT}
                            kept: 2h
                          notes: {}
                        """))
                .containsExactly(
                        "memfuse.yaml:4:12: services.note.lines: '0' is out of range; accepted: 1 to 100",
                        "memfuse.yaml:5:11: services.note.line: unknown key; did you mean 'lines'?",
                        "memfuse.yaml:6:13: services.note.colour: unknown key; known: chars, kept, lines",
                        "memfuse.yaml:7:12: services.note.chars: the value of '${...}' is not a whole number; "
                                + "accepted: 1 to 1000",
                        "memfuse.yaml:8:11: services.note.kept: '2h' is out of range; accepted: 0 (none) or 1ms to 1h",
                        "memfuse.yaml:9:10: services.notes: no service is named 'notes'; did you mean 'note'?");
    }

    @Test
    void isCheckedByTheFactoryAsAWhole() {
        assertThat(problems("services: {note: {lines: 100, chars: 11}}"))
                .containsExactly("memfuse.yaml:2:18: services.note: "
                        + "lines times chars is more than 1000; make one of them smaller");
    }

    @Test
    void ofAUserLiveOnTheDatabaseThatPrecachingNames() {
        try (MemFuse memfuse = builder("""
                        connection_pool:
                          precache_configs:
                            - {user: alice, services: [note], database: second}
                            - {user: bob, services: [note]}
                        """).start()) {
            memfuse.services().get("alice", Note.class).database().use();
            memfuse.services().get("bob", Note.class).database().use();

            assertThat(provider.pools())
                    .extracting(pool -> pool.spec().database())
                    .containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    void sayWhatToDoIfTheFirstDatabaseIsNotWhatTheyLiveOn() {
        try (MemFuse memfuse = builder("")
                .modules(MemFuseTest.bindFactory(new OnJdbcFactory()))
                .start()) {
            assertThatThrownBy(() -> memfuse.services().get("alice", OnJdbc.class))
                    .isInstanceOf(ServiceException.class)
                    .hasMessageContaining(
                            "no DataSource for the services of user 'alice': they live on the database 'first',"
                                    + " whose provider is fake; name another one as the user's 'database' in precache_configs, or"
                                    + " put another one first");
        }
    }

    private record OnJdbc(DataSource database) {}

    private static final class OnJdbcFactory implements ServiceFactory<OnJdbc> {

        @Override
        public String name() {
            return "on-jdbc";
        }

        @Override
        public Class<OnJdbc> type() {
            return OnJdbc.class;
        }

        @Override
        public OnJdbc create(ServiceContext context) {
            return new OnJdbc(context.resource(DataSource.class));
        }
    }

    @Test
    void opensAtTheStartWhatIsToBeWarmedAndNothingElse() {
        try (MemFuse memfuse =
                builder("connection_pool: {warmup_configs: [second]}").start()) {
            assertThat(memfuse.report().allWell()).isTrue();
            assertThat(provider.pools())
                    .extracting(pool -> pool.spec().database())
                    .containsExactly("second");
            memfuse.resource("first", FakePoolProvider.Resource.class).use();
            assertThat(provider.pools()).hasSize(2);
        }
    }
}
