package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.SslSettings;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.client.SSLMode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How the PostgreSQL driver encrypts. What is trusted is read once for each pool, when it is opened: the driver would read it
 * for each connection, on an event loop. Immutable and thread-safe.
 */
final class Encryption {

    private final SslMode mode;
    private final @Nullable TrustManagerFactory trusted;

    /** @throws IllegalArgumentException if the certificates cannot be read; the message says why */
    Encryption(SslSettings ssl) {
        this.mode = ssl.mode();
        this.trusted = mode.verifies() ? trusted(ssl) : null;
    }

    private static TrustManagerFactory trusted(SslSettings ssl) {
        try {
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(keys(ssl));
            return trusted;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("ssl_root_cert: the certificates cannot be used: " + e);
        }
    }

    /** Null for what the JVM trusts. */
    private static @Nullable KeyStore keys(SslSettings ssl) throws IOException, GeneralSecurityException {
        if (ssl.rootCert().isEmpty()) {
            return null;
        }
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        for (Certificate certificate : ssl.readRootCert()) {
            keys.setCertificateEntry("trusted " + keys.size(), certificate);
        }
        return keys;
    }

    /**
     * Has connections encrypted like this. Whether a certificate is for the host is left to the JDK, which compares it with the host
     * as it was asked for: the driver would look up the name of an address, which blocks, and take whatever it is told.
     */
    void apply(PostgresqlConnectionConfiguration.Builder builder) {
        builder.sslMode(mode == SslMode.VERIFY_FULL ? SSLMode.VERIFY_CA : SSLMode.fromValue(mode.word()));
        TrustManagerFactory authorities = trusted;
        if (authorities != null) {
            builder.sslContextBuilderCustomizer(context -> context.trustManager(authorities));
        }
        builder.sslParameters(address -> parameters());
    }

    private SSLParameters parameters() {
        var parameters = new SSLParameters();
        // Said for each mode, because Netty compares unless it is told not to.
        parameters.setEndpointIdentificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
        return parameters;
    }
}
