package io.memfuse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** The harness itself: what the other tests rely on. */
class HarnessIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Test
    void isAFreshDatabaseOfItsOwn() {
        assertThat(DATABASE.query("SELECT current_database()")).isEqualTo(DATABASE.name());
        assertThat(DATABASE.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
    }

    @Test
    void checksPasswords() {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {DATABASE.server().host()});
        source.setPortNumbers(new int[] {DATABASE.server().port()});
        source.setDatabaseName(DATABASE.name());
        source.setUser(DATABASE.server().user());
        source.setPassword("not the password");

        assertThatThrownBy(source::getConnection)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).startsWith("28"));
    }

    @Test
    void seesTheConnectionsOfTheDatabaseAndNotItsOwn() throws SQLException {
        assertThat(DATABASE.backends().count()).isZero();
        try (Connection connection = DATABASE.connect()) {
            assertThat(connection.isValid(10)).isTrue();
            assertThat(DATABASE.backends().of("memfuse-it")).hasSize(1);
        }
    }
}
