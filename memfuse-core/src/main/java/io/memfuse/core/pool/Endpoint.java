package io.memfuse.core.pool;

import java.util.Objects;

/**
 * Where a database server listens: a host and its TCP port, or a Unix-domain socket. Immutable and thread-safe; two spellings of
 * one endpoint are equal.
 *
 * @param host name or address in canonical form, an IPv6 address without brackets; or the directory of the socket, which begins
 *     with a slash
 * @param port TCP port of the server, 1 to 65535; of a socket the number at the end of its file's name
 */
public record Endpoint(String host, int port) {

    private static final String SOCKET_NAME = "/.s.PGSQL.";

    /** @throws IllegalArgumentException if the host is blank or the port out of range */
    public Endpoint {
        if (Objects.requireNonNull(host, "host").isBlank()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; accepted: 1 to 65535");
        }
        host = Hosts.canonical(host);
    }

    /** Tells whether it is a Unix-domain socket. */
    public boolean isSocket() {
        return Hosts.isSocketDirectory(host);
    }

    /**
     * Returns the file of the socket, named as PostgreSQL names it.
     *
     * @throws IllegalStateException if it is none
     */
    public String socketFile() {
        if (!isSocket()) {
            throw new IllegalStateException(this + " is no Unix-domain socket");
        }
        return (host.equals("/") ? "" : host) + SOCKET_NAME + port;
    }

    /** Returns {@code host:port}, an IPv6 address in brackets; of a socket its file. */
    @Override
    public String toString() {
        if (isSocket()) {
            return socketFile();
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
