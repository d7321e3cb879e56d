package io.memfuse.pool.hikari;

import com.zaxxer.hikari.pool.ProxyConnection;
import java.sql.Connection;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One physical connection. When it is given back ({@link #endRequest()}, called by HikariCP) it is cleaned of whatever its
 * borrower left and HikariCP does not know of; when it cannot be cleaned, or has served its time, it is evicted instead.
 * What HikariCP restores itself: auto-commit, read-only, isolation, network timeout, open statements, warnings.
 *
 * <p>Like every connection it is used by one thread at a time; lending and giving back may be on different threads.
 */
final class PhysicalConnection extends CountingConnection {

    /** What becomes of the connection is decided by its pool. */
    interface Owner {

        /** Returns how the pool is called in logs. */
        String poolName();

        /** HikariCP takes it back on this thread, for which it will remember it. */
        void returning();

        /** A borrower gave it back, to whom it was lent at that time. */
        void released(PhysicalConnection connection, long lentSinceNanos);

        /** Tells whether the pool wants to be rid of a connection that is given back; asked once for each. */
        boolean isUnwanted(PhysicalConnection connection);

        /** It must not be lent again; {@code lease} is a name of HikariCP's for it. */
        void discard(PhysicalConnection connection, Connection lease);

        /** It did not answer when it was asked whether it is sound. */
        void unanswered();

        /** Returns the time. */
        long nanoTime();

        /** It is closed. */
        void closed(PhysicalConnection connection);
    }

    private static final Logger LOG = LoggerFactory.getLogger(PhysicalConnection.class);

    private static final StackWalker STACK = StackWalker.getInstance();

    /** Frames from a setter of this class to {@link ProxyConnection#close()}, with room. */
    private static final int FRAMES_TO_CLOSE = 10;

    /** A connection that is dead and known to be so says it sooner. */
    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final String APPLICATION_NAME = "ApplicationName";

    private final SessionDriver driver;
    private final Owner owner;

    private final LoanMark loan = new LoanMark();

    /**
     * HikariCP's proxy for the first loan. For HikariCP each of its proxies names the same connection, and to keep the one of
     * each loan would cost: a reference from an old object to a young one, which the collector has to be told of at each.
     */
    private @Nullable Connection lease;

    // Written and read by the thread that uses the connection; HikariCP's hand-over orders one before the next.
    private long establishedAtNanos;
    private boolean schemaChanged;
    private @Nullable String applicationName;
    private int holdability = -1;
    private boolean tainted;

    // Of the last return; see ThreadMemory.
    private long returnedBy;
    private int closedPools;

    private volatile boolean discarded;

    // A line more; one before all fields is CacheLine's. HotSpot puts it before what is smaller than a long.
    long after1;
    long after2;
    long after3;
    long after4;
    long after5;
    long after6;
    long after7;

    PhysicalConnection(Connection delegate, SessionDriver driver, int maxQueries, Owner owner) {
        super(delegate, maxQueries);
        this.driver = driver;
        this.owner = owner;
    }

    /** It was established, and nobody has it yet. */
    void established(long nowNanos) {
        establishedAtNanos = nowNanos;
    }

    /** Returns when it was established. */
    long establishedAtNanos() {
        return establishedAtNanos;
    }

    /** It was handed to a borrower; {@code newLease} is HikariCP's proxy, by which HikariCP can be told to evict it. */
    void lend(Connection newLease, long nowNanos) {
        if (lease == null) {
            lease = newLease;
        }
        loan.begin(nowNanos);
    }

    /** Returns what the server calls it. */
    String name() {
        return driver.name(delegate());
    }

    /** Tells whether a borrower has it. */
    boolean isLent() {
        return loan.sinceNanos() != LoanMark.NONE;
    }

    /** Returns how often it was lent. */
    long loans() {
        return loan.loans();
    }

    /** It is about to be closed, and does not count any more. */
    void discard() {
        discarded = true;
    }

    boolean isDiscarded() {
        return discarded;
    }

    /** HikariCP asks before it lends what lay idle for a while. Of those that lie beside one that is silent it need not ask each. */
    @Override
    public boolean isValid(int timeoutSeconds) throws SQLException {
        long startNanos = owner.nanoTime();
        boolean valid = super.isValid(timeoutSeconds);
        if (!valid && owner.nanoTime() - startNanos >= SILENT_NANOS) {
            owner.unanswered();
        }
        return valid;
    }

    /** Means nothing to the driver. */
    @Override
    public void beginRequest() {}

    /** HikariCP took the connection back, and lends it again as soon as this returns. */
    @Override
    public void endRequest() {
        remember();
        if (endLoan() == LoanMark.NONE) {
            return;
        }
        // Discarding comes before HikariCP lends it again: the mark is seen by the next borrower, who leaves it alone.
        if (!clean() || isSpent() || owner.isUnwanted(this)) {
            owner.discard(this, Objects.requireNonNull(lease, "it was lent"));
        }
    }

    /** Once for each thread; and again when a pool was closed meanwhile, which may be the one to forget. */
    private void remember() {
        long thread = Thread.currentThread().getId();
        int closed = ThreadMemory.closedPools();
        if (returnedBy != thread || closedPools != closed) {
            try {
                owner.returning();
                returnedBy = thread;
                closedPools = closed;
            } catch (RuntimeException | Error e) {
                // No memory, say: the next time. Thrown, it would lose the connection.
                LOG.debug("{}: {} is given back, and its thread cannot remember it", owner.poolName(), this, e);
            }
        }
    }

    /**
     * Ends the loan, if there is one: who does is the only one to end this loan, whoever else is about to.
     *
     * @return since when it was lent, or {@link LoanMark#NONE}
     */
    long endLoan() {
        long sinceNanos = loan.end();
        if (sinceNanos != LoanMark.NONE) {
            owner.released(this, sinceNanos);
        }
        return sinceNanos;
    }

    private boolean clean() {
        if (tainted) {
            return false;
        }
        try {
            if (delegate().isClosed()) {
                return false;
            }
            if (driver.inTransaction(delegate())) {
                rollBackSession();
            }
            restore();
            return true;
        } catch (SQLException e) {
            LOG.debug("{}: {} cannot be cleaned, and is replaced", owner.poolName(), this, e);
            return false;
        }
    }

    /** By SQL, because the driver refuses {@code rollback()} of a transaction that was begun by SQL. */
    private void rollBackSession() throws SQLException {
        execute("ROLLBACK");
    }

    private void restore() throws SQLException {
        if (schemaChanged) {
            execute("RESET search_path");
            schemaChanged = false;
        }
        if (applicationName != null) {
            delegate().setClientInfo(APPLICATION_NAME, applicationName);
            applicationName = null;
        }
        if (holdability >= 0) {
            delegate().setHoldability(holdability);
            holdability = -1;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = delegate().createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            delegate().close();
        } finally {
            ended();
        }
    }

    /** Cuts the connection off, having told the server to stop what it executes: it would not notice until it is done. */
    @Override
    public void abort(Executor executor) throws SQLException {
        try {
            if (!delegate().isClosed()) {
                cancelQuietly();
                delegate().abort(executor);
            }
        } finally {
            ended();
        }
    }

    private void cancelQuietly() {
        try {
            driver.cancel(delegate());
        } catch (SQLException e) {
            LOG.debug("{}: {} cannot be cancelled", owner.poolName(), this, e);
        }
    }

    /** Closes a connection that nobody needs, whose failure to close therefore matters to nobody. */
    void closeQuietly() {
        try {
            close();
        } catch (SQLException e) {
            LOG.debug("{}: {} was not closed properly", owner.poolName(), this, e);
        }
    }

    /** Cuts the connection off, on this thread. */
    void abortQuietly() {
        try {
            abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("{}: {} was not cut off properly", owner.poolName(), this, e);
        }
    }

    private void ended() {
        long unused = endLoan();
        owner.closed(this);
    }

    // What borrowers change and HikariCP does not restore.

    @Override
    public void setSchema(String schema) throws SQLException {
        schemaChanged = true;
        super.setSchema(schema);
    }

    @Override
    public void setClientInfo(String name, String value) throws SQLClientInfoException {
        rememberApplicationName();
        super.setClientInfo(name, value);
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        rememberApplicationName();
        super.setClientInfo(properties);
    }

    private void rememberApplicationName() throws SQLClientInfoException {
        if (applicationName == null) {
            try {
                applicationName = delegate().getClientInfo(APPLICATION_NAME);
            } catch (SQLException e) {
                throw new SQLClientInfoException(e.getMessage(), e.getSQLState(), null, e);
            }
        }
    }

    @Override
    public void setHoldability(int newHoldability) throws SQLException {
        if (holdability < 0) {
            holdability = delegate().getHoldability();
        }
        super.setHoldability(newHoldability);
    }

    // What borrowers change and HikariCP restores: in the middle of a transaction that HikariCP does not know of
    // (begun by savepoint, by SQL or through the driver's own API) restoring would fail, or even commit. So that is
    // ended before.

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        rollBackBeforeReset();
        change(() -> super.setAutoCommit(autoCommit));
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        rollBackBeforeReset();
        change(() -> super.setReadOnly(readOnly));
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        rollBackBeforeReset();
        change(() -> super.setTransactionIsolation(level));
    }

    @Override
    public void setNetworkTimeout(Executor executor, int timeoutMillis) throws SQLException {
        change(() -> super.setNetworkTimeout(executor, timeoutMillis));
    }

    private void rollBackBeforeReset() throws SQLException {
        if (driver.inTransaction(delegate()) && isReset()) {
            rollBackSession();
        }
    }

    /** The borrower and HikariCP call the same setters; walking the stack is the only way to tell, and rarely done. */
    private static boolean isReset() {
        return STACK.walk(frames -> frames.limit(FRAMES_TO_CLOSE)
                .anyMatch(frame -> frame.getMethodName().equals("close")
                        && frame.getClassName().equals(ProxyConnection.class.getName())));
    }

    private interface Change {
        void make() throws SQLException;
    }

    /** A change that failed leaves nobody knows what: the connection is not lent again. */
    private void change(Change change) throws SQLException {
        try {
            change.make();
        } catch (SQLException e) {
            tainted = true;
            throw e;
        }
    }
}
