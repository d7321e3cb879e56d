package io.memfuse.core.pool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the connections of a pool are encrypted. Immutable and thread-safe.
 *
 * @param mode whether, and how far the server has to prove who it is
 * @param rootCert file with the certificates, in PEM, of the authorities that are trusted; empty for those that the JVM
 *     trusts. Only for modes that look at the server's certificate
 */
public record SslSettings(SslMode mode, Optional<Path> rootCert) {

    /** Encrypted if the server can, as PostgreSQL's own clients do. */
    public static final SslSettings DEFAULTS = new SslSettings(SslMode.PREFER, Optional.empty());

    /** @throws IllegalArgumentException if there are certificates that the mode would not look at */
    public SslSettings {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(rootCert, "rootCert");
        if (rootCert.isPresent() && !mode.verifies()) {
            throw new IllegalArgumentException("ssl_root_cert is not looked at with ssl_mode " + mode + "; accepted: "
                    + SslMode.VERIFY_CA + " or " + SslMode.VERIFY_FULL);
        }
    }

    /**
     * Returns the certificates of the file {@code rootCert}; none if no file is set, which means those that the JVM trusts.
     * Blocks on the file, which is read each time.
     *
     * @throws IllegalArgumentException if the file is not there, cannot be read or has no certificate; the message names it
     */
    public Collection<? extends Certificate> readRootCert() {
        return rootCert.map(SslSettings::read).orElse(List.of());
    }

    private static Collection<? extends Certificate> read(Path file) {
        Collection<? extends Certificate> certificates;
        try (InputStream pem = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(pem);
        } catch (IOException | CertificateException e) {
            // Without the cause, which adapters would take for one of the network.
            throw new IllegalArgumentException("ssl_root_cert: '" + file + "' cannot be read: " + e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("ssl_root_cert: '" + file + "' has no certificate");
        }
        return certificates;
    }
}
