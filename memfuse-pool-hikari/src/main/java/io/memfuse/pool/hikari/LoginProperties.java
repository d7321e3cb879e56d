package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.SslSettings;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** What the PostgreSQL driver is told for a login. Immutable and thread-safe. */
final class LoginProperties {

    /** Until the question whether the server speaks SSL is given up, at most; the driver's own default. */
    private static final Duration MAX_SSL_TIMEOUT = Duration.ofSeconds(5);

    /** Until an attempt to cancel is given up; it needs no more than one round trip. */
    private static final int CANCEL_TIMEOUT_SECONDS = 2;

    /** Of less the driver would make zero, which it takes for no limit. */
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(250);

    private final Properties common = new Properties();

    /** The driver counts whole seconds: one host may take up to one more, none of several may take it from the next. */
    private final Duration roundingUp;

    /** @throws IllegalArgumentException if the certificates cannot be read; the message says why */
    LoginProperties(PoolSpec spec, ServerOptions options) {
        roundingUp = Duration.ofMillis(spec.endpoints().isChoice() ? 0 : 999);
        PGProperty.USER.set(common, spec.user());
        PGProperty.LOGIN_TIMEOUT.set(common, 0);
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(common, CANCEL_TIMEOUT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(common, true);
        PGProperty.APPLICATION_NAME.set(common, options.applicationName());
        if (!options.commandLine().isEmpty()) {
            PGProperty.OPTIONS.set(common, options.commandLine());
        }
        encrypt(spec.ssl());
    }

    private void encrypt(SslSettings ssl) {
        PGProperty.SSL_MODE.set(common, ssl.mode().word());
        if (!ssl.readRootCert().isEmpty()) {
            ssl.rootCert().ifPresent(file -> PGProperty.SSL_ROOT_CERT.set(common, file.toString()));
        } else if (ssl.mode().verifies()) {
            PGProperty.SSL_FACTORY.set(common, DefaultJavaSSLFactory.class.getName());
        }
    }

    /** Returns those of one login, which takes about this time with a server that accepts and never answers. */
    Properties with(String password, Duration timeout) {
        var login = (Properties) common.clone();
        limit(login, max(timeout, MIN_TIMEOUT));
        if (!password.isEmpty()) {
            PGProperty.PASSWORD.set(login, password);
        }
        return login;
    }

    private void limit(Properties login, Duration timeout) {
        // A server that does not answer the question for SSL is asked a second time without: the two share the timeout.
        Duration sslTimeout = min(timeout.dividedBy(2), MAX_SSL_TIMEOUT);
        PGProperty.CONNECT_TIMEOUT.set(login, seconds(timeout));
        PGProperty.SSL_RESPONSE_TIMEOUT.set(login, Math.toIntExact(sslTimeout.toMillis()));
        PGProperty.SOCKET_TIMEOUT.set(login, seconds(timeout.minus(sslTimeout)));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private int seconds(Duration duration) {
        return Math.max(1, Math.toIntExact(duration.plus(roundingUp).toSeconds()));
    }
}
