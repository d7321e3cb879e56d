package io.memfuse.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.docs.YourProvider.Yours;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The skeleton of docs/write-your-own-provider.md is the one that is compiled, and works as far as it goes. */
class YourProviderIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final PoolRegistry registry =
            PoolRegistry.builder().provider(new YourProvider()).build();

    @AfterEach
    void close() {
        registry.close();
    }

    private Yours durable(PoolSpec.Builder spec) {
        return registry.durable(registry.register(spec.build(), Yours.class));
    }

    @Test
    void isWhatTheDocumentShows() throws IOException {
        assertThat(Fences.shown(Path.of("docs", "write-your-own-provider.md")))
                .containsExactlyElementsOf(Fences.compiled("YourProvider.java"));
    }

    @Test
    void servesThroughPoolsThatComeAndGo() throws Exception {
        PoolKey<Yours> key = registry.register(DATABASE.spec("yours").build(), Yours.class);
        Yours yours = registry.durable(key);
        assertThat(yours.query("SELECT current_database()")).isEqualTo(DATABASE.name());

        assertThat(registry.evict(key).toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasValueSatisfying(report -> assertThat(report.drained()).isTrue());

        assertThat(yours.query("SELECT current_database()")).isEqualTo(DATABASE.name());
    }

    @Test
    void saysWhyADatabaseCannotBeUsedAndNeverThePassword() {
        Yours yours = durable(DATABASE.spec("yours").password(Secret.of("needle-in-the-haystack")));

        assertThatThrownBy(() -> yours.query("SELECT 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageNotContaining("needle")
                .cause()
                .isInstanceOfSatisfying(
                        PoolOpenException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.BAD_CREDENTIALS));
    }
}
