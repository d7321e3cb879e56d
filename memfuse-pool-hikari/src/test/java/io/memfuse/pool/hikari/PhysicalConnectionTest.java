package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PhysicalConnectionTest {

    private static final class RecordingOwner implements PhysicalConnection.Owner {

        final List<String> told = new ArrayList<>();
        boolean unwanted;
        boolean failing;
        int returning;
        long nowNanos;

        @Override
        public void returning() {
            returning++;
            if (failing) {
                throw new IllegalStateException("no memory");
            }
        }

        @Override
        public String poolName() {
            return "test";
        }

        @Override
        public void released(PhysicalConnection connection, long lentSinceNanos) {
            told.add("released");
        }

        @Override
        public boolean isUnwanted(PhysicalConnection connection) {
            return unwanted;
        }

        @Override
        public void discard(PhysicalConnection connection, Connection lease) {
            told.add("discarded");
        }

        @Override
        public void unanswered() {
            told.add("unanswered");
        }

        @Override
        public long nanoTime() {
            return nowNanos;
        }

        @Override
        public void closed(PhysicalConnection connection) {
            told.add("closed");
        }
    }

    private final FakeJdbc driver = new FakeJdbc();
    private final RecordingOwner owner = new RecordingOwner();
    private final Connection lease = new FakeJdbc().connect();

    private PhysicalConnection lent(int maxQueries) {
        var connection = new PhysicalConnection(driver.connect(), driver, maxQueries, owner);
        connection.lend(lease, 0);
        return connection;
    }

    @Nested
    class GivenBack {

        private PhysicalConnection connection = lent(0);

        @Test
        void costsTheServerNothingIfNothingIsLeft() {
            connection.endRequest();

            assertThat(driver.calls).isEmpty();
            assertThat(owner.told).containsExactly("released");
            assertThat(connection.isLent()).isFalse();
        }

        @Test
        void isRememberedForEachThreadThatGivesItBack() throws InterruptedException {
            connection.endRequest();
            connection.endRequest();
            assertThat(owner.returning).isEqualTo(1);

            var other = new Thread(connection::endRequest);
            other.start();
            other.join();
            assertThat(owner.returning).isEqualTo(2);

            ThreadMemory.aPoolWasClosed();
            connection.endRequest();
            connection.endRequest();
            assertThat(owner.returning).isEqualTo(3);
        }

        @Test
        void isGivenBackThoughItCannotBeRemembered() {
            owner.failing = true;
            connection.endRequest();
            connection.endRequest();

            assertThat(owner.returning).isEqualTo(2);
            assertThat(owner.told).containsExactly("released");
        }

        @Test
        void isRolledBackIfATransactionIsOpen() {
            driver.inTransaction = true;

            connection.endRequest();

            assertThat(driver.calls).contains("execute ROLLBACK");
            assertThat(owner.told).containsExactly("released");
        }

        @Test
        void isDiscardedIfItCannotBeRolledBack() {
            driver.inTransaction = true;
            driver.failing = "execute ROLLBACK";

            connection.endRequest();

            assertThat(owner.told).containsExactly("released", "discarded");
        }

        @Test
        void isDiscardedIfItIsClosed() {
            driver.closed = true;

            connection.endRequest();

            assertThat(owner.told).containsExactly("released", "discarded");
        }

        @Test
        void isDiscardedIfAChangeFailed() {
            driver.failing = "setReadOnly";
            assertThatThrownBy(() -> connection.setReadOnly(true)).isInstanceOf(SQLException.class);

            connection.endRequest();

            assertThat(owner.told).containsExactly("released", "discarded");
        }

        @Test
        void isDiscardedIfThePoolHasTooMany() {
            owner.unwanted = true;

            connection.endRequest();

            assertThat(owner.told).containsExactly("released", "discarded");
        }

        @Test
        void getsItsSchemaAndNameBackOnce() throws SQLException {
            connection.setSchema("other");
            connection.setClientInfo("ApplicationName", "somebody");
            driver.calls.clear();

            connection.endRequest();
            connection.lend(lease, 0);
            connection.endRequest();

            assertThat(driver.calls)
                    .containsExactly("createStatement", "execute RESET search_path", "setClientInfo ApplicationName");
        }

        @Test
        void endsItsLoanOnce() throws SQLException {
            connection.endRequest();
            connection.endRequest();
            connection.close();

            assertThat(owner.told).containsExactly("released", "closed");
        }
    }

    @Nested
    class CutOff {

        @Test
        void endsTheLoanAndTellsTheServerToStop() throws SQLException {
            PhysicalConnection connection = lent(0);

            connection.abort(Runnable::run);
            connection.endRequest();

            assertThat(driver.calls).containsExactly("cancel", "abort");
            assertThat(owner.told).containsExactly("released", "closed");
        }

        @Test
        void saysThatItIsClosedThoughClosingFails() {
            PhysicalConnection connection = lent(0);
            driver.failing = "close";

            assertThatThrownBy(connection::close).isInstanceOf(SQLException.class);

            assertThat(owner.told).containsExactly("released", "closed");
        }
    }

    @Nested
    class Counting {

        private static final int MAX_QUERIES = 4;

        private PhysicalConnection connection;

        @BeforeEach
        void lend() {
            connection = lent(MAX_QUERIES);
        }

        private boolean isDiscarded() {
            connection.endRequest();
            return owner.told.contains("discarded");
        }

        @Test
        void countsEachWayToExecute() throws SQLException {
            try (Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("x");
                    CallableStatement call = connection.prepareCall("x")) {
                statement.execute("x");
                prepared.executeUpdate();
                call.execute();
                connection.endRequest();
                assertThat(owner.told).containsExactly("released");
                connection.lend(lease, 0);
                statement.executeLargeUpdate("x");
            }

            assertThat(isDiscarded()).isTrue();
        }

        @Test
        void countsTheMembersOfABatch() throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("cleared");
                statement.clearBatch();
                statement.addBatch("x");
                statement.addBatch("x");
                statement.addBatch("x");
                statement.executeBatch();
                statement.executeBatch();
                connection.endRequest();
                assertThat(owner.told).containsExactly("released");
                connection.lend(lease, 0);
                statement.addBatch("x");
                statement.executeLargeBatch();
            }

            assertThat(isDiscarded()).isTrue();
        }

        @Test
        void countsNothingElse() throws SQLException {
            for (int i = 0; i < 2 * MAX_QUERIES; i++) {
                try (PreparedStatement statement = connection.prepareStatement("x")) {
                    statement.setString(1, "x");
                    statement.setFetchSize(10);
                }
                connection.commit();
            }

            assertThat(isDiscarded()).isFalse();
        }

        @Test
        void passesOnWhatAStatementThrows() throws SQLException {
            driver.failing = "executeQuery wrong";
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeQuery("wrong"))
                        .isInstanceOf(SQLException.class)
                        .hasMessage("executeQuery wrong fails");
            }
        }

        @Test
        void leavesAStatementEqualToItselfAlone() throws SQLException {
            try (Statement one = connection.createStatement();
                    Statement other = connection.createStatement()) {
                assertThat(List.of(one, other).indexOf(other)).isEqualTo(1);
            }
        }

        @Test
        void doesNotWrapStatementsIfThereIsNoLimit() throws SQLException {
            try (Statement counted = connection.createStatement();
                    Statement bare = lent(0).createStatement()) {
                assertThat(Proxy.getInvocationHandler(counted)).isInstanceOf(CountingStatement.class);
                assertThat(Proxy.getInvocationHandler(bare)).isNotInstanceOf(CountingStatement.class);
            }
        }
    }
}
