package io.memfuse.core.pool;

/** Why a database could not be used: what an adapter reads off its driver's error, and what the user can do about it. */
public enum FailureKind {
    /** No server there: the name is unknown, the port refuses, the network is unreachable. */
    UNREACHABLE(true, "check host and port, and that the server runs"),
    /** The server accepted or swallowed the attempt and did not answer in time. */
    NO_ANSWER(true, "check that host and port belong to a PostgreSQL server and that no firewall drops its packets"),
    /** The server refused user or password. */
    BAD_CREDENTIALS(true, "check user and password, and the server's pg_hba.conf"),
    /** The connection would not be as secure as it has to be: no SSL, or a certificate that is not trusted or not for the host. */
    INSECURE(false, "check ssl_mode and ssl_root_cert, and that the server has SSL and a certificate that they accept"),
    /** The server has no such database. */
    UNKNOWN_DATABASE(true, "check the name of the database, or create it"),
    /** The server has no connection left. */
    TOO_MANY_CONNECTIONS(true, "lower max_size of the pools on this server, or raise its max_connections"),
    /** A server that was reached is not what {@code target_session_attrs} wants, and there is no other. */
    WRONG_SESSION(true, "check target_session_attrs, and that one of the hosts is such a server"),
    /** The spec cannot work however often it is tried: an unknown option, a driver that is not there. */
    MISCONFIGURED(false, "correct the configuration"),
    /** Anything else. */
    OTHER(true, "see the cause");

    private final boolean retryable;
    private final String advice;

    FailureKind(boolean retryable, String advice) {
        this.retryable = retryable;
        this.advice = advice;
    }

    /** Tells whether the same attempt may succeed later, without a change of the configuration. */
    public boolean retryable() {
        return retryable;
    }

    /** Returns what the user can do, as the end of a sentence. */
    public String advice() {
        return advice;
    }
}
