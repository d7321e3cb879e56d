package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.ConnectFailure;
import io.memfuse.core.pool.ConnectFailureException;
import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.EndpointChooser;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.TargetSessionAttrs;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.postgresql.extension.Extension;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * The PostgreSQL driver: it and its {@link PgSession}s alone know it. Thread-safe.
 *
 * <p>It tries one host after the other itself, so that they share the pool's timeout, what failed a moment ago is tried last, and the
 * error says what each of them answered; the driver, which is given one host, would do none of it.
 *
 * <p>A session whose server owes an answer may be silent for the command timeout and a grace: the server cancels a statement that
 * takes too long, and if there is no server any more, the borrower does not wait for ever.
 */
final class PgDriver implements SessionDriver {

    /** What the server is given beyond the command timeout to report that it cancelled a statement. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** One name or address: whatever else the driver would make of it is not meant. */
    private static final Pattern HOST = Pattern.compile("[^\\s,/?#@\\[\\]]+");

    private final PoolSpec spec;
    private final PoolContext context;
    private final EndpointChooser chooser;
    private final ServerOptions options;
    private final Encryption encryption;
    private final Secret password;

    /** Found once for each pool, where the driver looks for them with each connection. */
    private final List<Extension> extensions;

    /** @throws IllegalArgumentException if the spec cannot work; the message says why */
    PgDriver(PoolSpec spec, PoolContext context) {
        spec.endpoints().all().forEach(PgDriver::check);
        this.spec = spec;
        this.context = context;
        this.chooser = new EndpointChooser(spec.endpoints(), context.ticker());
        this.options = ServerOptions.of(spec.serverSettings(), spec.limits());
        this.encryption = new Encryption(spec.ssl());
        this.password = spec.password();
        this.extensions = ServiceLoader.load(Extension.class, PgDriver.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static void check(Endpoint endpoint) {
        if (!endpoint.isSocket() && !HOST.matcher(endpoint.host()).matches()) {
            throw new IllegalArgumentException("host '" + endpoint.host() + "' is not one name or address");
        }
    }

    @Override
    public Mono<Session> connect(Duration timeout) {
        return Mono.defer(() -> connect(chooser.begin(timeout)));
    }

    private Mono<Session> connect(EndpointChooser.Search search) {
        EndpointChooser.Candidate candidate = search.next();
        return within(candidate, connect(candidate))
                .doOnNext(session -> search.succeeded(candidate))
                .onErrorResume(
                        failure -> search.goesOnAfter(candidate, ConnectFailures.of(candidate.endpoint(), failure))
                                ? connect(search)
                                : Mono.error(explained(failure, search.failure())));
    }

    /** What the last of several hosts said is not all. */
    private Throwable explained(Throwable last, ConnectFailure all) {
        return spec.endpoints().all().size() == 1 ? last : new ConnectFailureException(all, last);
    }

    /** Who waits for the login has a bound for all; that of one host is needed only if there is another one to go on to. */
    private Mono<Session> within(EndpointChooser.Candidate candidate, Mono<Session> login) {
        if (!spec.endpoints().isChoice()) {
            return login;
        }
        return BoundedLogin.of(login, candidate.share(), context);
    }

    /** Tries once more if the password was refused and there is another one by now. */
    private Mono<Session> connect(EndpointChooser.Candidate candidate) {
        return Mono.defer(() -> {
            String tried = password.reveal();
            return connect(candidate, tried)
                    .onErrorResume(
                            refusal -> ConnectFailures.kind(refusal) == FailureKind.BAD_CREDENTIALS,
                            refusal -> renewed(tried)
                                    .flatMap(renewed ->
                                            renewed ? connect(candidate, password.reveal()) : Mono.error(refusal)));
        });
    }

    /** The source of a password may block, which an event loop must not. */
    private Mono<Boolean> renewed(String refused) {
        return Mono.create(sink -> Offload.run(context, () -> sink.success(password.renew(refused))));
    }

    private Mono<Session> connect(EndpointChooser.Candidate candidate, String text) {
        return Mono.defer(() -> {
            var channels = new LoginChannels();
            return HostLookUps.of(candidate.endpoint())
                    .then(Mono.defer(
                            () -> new PostgresqlConnectionFactory(configuration(candidate, channels, text)).create()))
                    .flatMap(connection -> required(candidate.target(), connection))
                    .<Session>map(connection -> watched(new PgSession(connection, channels), channels))
                    .doOnError(failure -> channels.closeAll())
                    .doOnCancel(channels::closeAll);
        });
    }

    private static Mono<PostgresqlConnection> required(TargetSessionAttrs target, PostgresqlConnection connection) {
        if (target == TargetSessionAttrs.ANY) {
            return Mono.just(connection);
        }
        return connection
                .createStatement(TargetSessionAttrs.QUERY)
                .execute()
                .flatMap(result -> result.map((row, columns) -> target.refusal(
                        Boolean.TRUE.equals(row.get(0, Boolean.class)), "on".equals(row.get(1, String.class)))))
                .single()
                .flatMap(refusal -> refusal.isEmpty()
                        ? Mono.just(connection)
                        : connection.close().then(Mono.error(new ConnectFailureException(refusal.get(), null))));
    }

    private Session watched(Session session, LoginChannels channels) {
        Duration commandTimeout = spec.limits().commandTimeout();
        if (!commandTimeout.isZero()) {
            SilenceHandler.watch(channels.last(), commandTimeout.plus(GRACE), context.ticker());
        }
        return session;
    }

    private PostgresqlConnectionConfiguration configuration(
            EndpointChooser.Candidate candidate, LoginChannels channels, String text) {
        Endpoint endpoint = candidate.endpoint();
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .database(spec.database())
                .username(spec.user())
                .applicationName(options.applicationName())
                .options(options.atLogin())
                .connectTimeout(candidate.share())
                .tcpKeepAlive(true)
                .loopResources(channels)
                .autodetectExtensions(false);
        if (endpoint.isSocket()) {
            // Nobody listens in on a socket: PostgreSQL does not encrypt there, whatever the mode.
            builder.socket(endpoint.socketFile()).sslMode(SSLMode.DISABLE);
        } else {
            builder.host(endpoint.host()).port(endpoint.port());
            encryption.apply(builder);
        }
        if (!text.isEmpty()) {
            builder.password(text);
        }
        extensions.forEach(builder::extendWith);
        return builder.build();
    }
}
