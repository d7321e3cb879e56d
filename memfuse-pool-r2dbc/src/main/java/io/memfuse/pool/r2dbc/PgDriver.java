package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.extension.Extension;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * The PostgreSQL driver: it and its {@link PgSession}s alone know it. Thread-safe.
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
    private final String host;
    private volatile Duration timeout;
    private final ServerOptions options;
    private final Encryption encryption;
    private final Secret password;

    /** Found once for each pool, where the driver looks for them with each connection. */
    private final List<Extension> extensions;

    /** @throws IllegalArgumentException if the spec cannot work; the message says why */
    PgDriver(PoolSpec spec, PoolContext context) {
        PoolKey<?> key = context.key();
        if (!HOST.matcher(key.host()).matches()) {
            throw new IllegalArgumentException("host '" + key.host() + "' is not one name or address");
        }
        this.spec = spec;
        this.context = context;
        this.host = key.host();
        this.timeout = spec.limits().timeout();
        this.options = ServerOptions.of(spec.serverSettings(), spec.limits());
        this.encryption = new Encryption(spec.ssl());
        this.password = spec.password();
        this.extensions = ServiceLoader.load(Extension.class, PgDriver.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    @Override
    public void setTimeout(Duration newTimeout) {
        timeout = newTimeout;
    }

    /** {@inheritDoc} Tries once more if the password was refused and there is another one by now. */
    @Override
    public Mono<Session> connect() {
        return Mono.defer(() -> {
            String tried = password.reveal();
            return connect(tried)
                    .onErrorResume(
                            refusal -> ConnectFailures.kind(refusal) == FailureKind.BAD_CREDENTIALS,
                            refusal -> renewed(tried)
                                    .flatMap(renewed -> renewed ? connect(password.reveal()) : Mono.error(refusal)));
        });
    }

    /** The source of a password may block, which an event loop must not. */
    private Mono<Boolean> renewed(String refused) {
        return Mono.create(sink -> Offload.run(context, () -> sink.success(password.renew(refused))));
    }

    private Mono<Session> connect(String text) {
        return Mono.defer(() -> {
            var channels = new LoginChannels();
            return new PostgresqlConnectionFactory(configuration(channels, text))
                    .create()
                    .<Session>map(connection -> watched(new PgSession(connection, channels), channels))
                    .doOnError(failure -> channels.closeAll())
                    .doOnCancel(channels::closeAll);
        });
    }

    private Session watched(Session session, LoginChannels channels) {
        Duration commandTimeout = spec.limits().commandTimeout();
        if (!commandTimeout.isZero()) {
            SilenceHandler.watch(channels.last(), commandTimeout.plus(GRACE), context.ticker());
        }
        return session;
    }

    private PostgresqlConnectionConfiguration configuration(LoginChannels channels, String text) {
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .host(host)
                .port(spec.port())
                .database(spec.database())
                .username(spec.user())
                .applicationName(options.applicationName())
                .options(options.atLogin())
                .connectTimeout(timeout)
                .tcpKeepAlive(true)
                .loopResources(channels)
                .autodetectExtensions(false);
        encryption.apply(builder);
        if (!text.isEmpty()) {
            builder.password(text);
        }
        extensions.forEach(builder::extendWith);
        return builder.build();
    }
}
