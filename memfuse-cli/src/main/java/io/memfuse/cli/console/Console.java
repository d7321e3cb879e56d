package io.memfuse.cli.console;

import com.sun.net.httpserver.HttpServer;
import io.memfuse.core.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the console. It listens from the beginning, so that a port that is in use is known before anything is started, and is
 * not ready until it is told what to show. Thread-safe.
 */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** How long a browser may stall. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Pages that are open at once, and threads for everything else. */
    private static final int MOST_STREAMS = 32;

    private static final int OTHER_THREADS = 8;

    /** Connections that are open at once. */
    static final int MOST_CONNECTIONS = 200;

    static {
        // The server of the JDK hears of it this way only, before its first use. Whoever has set it knows better.
        System.getProperties().putIfAbsent("jdk.httpserver.maxConnections", String.valueOf(MOST_CONNECTIONS));
    }

    private final HttpServer server;
    private final ConsoleSettings settings;
    private final EventLog events;
    private final Router router;
    private final Frames frames;
    private final PunctualExecutor executor;
    private final Duration timeout;
    private final ScheduledExecutorService sampling =
            Executors.newSingleThreadScheduledExecutor(PunctualExecutor.named("memfuse-console-sampler"));

    private Console(HttpServer server, ConsoleSettings settings, EventLog events, Duration timeout) {
        this.server = server;
        this.settings = settings;
        this.events = events;
        this.timeout = timeout;
        this.frames = new Frames(events);
        this.executor = new PunctualExecutor(MOST_STREAMS + OTHER_THREADS, timeout);
        boolean onLoopback = server.getAddress().getAddress().isLoopbackAddress();
        this.router = new Router(new Access(settings.token(), onLoopback));
        server.setExecutor(executor);
        server.createContext("/", router);
    }

    /**
     * Listens.
     *
     * @param events what happened to the pools, whose listener it is
     * @throws ConsoleException if it cannot, or must not
     */
    public static Console open(ConsoleSettings settings, EventLog events) {
        return open(settings, events, TIMEOUT);
    }

    static Console open(ConsoleSettings settings, EventLog events, Duration timeout) {
        InetSocketAddress address = settings.address();
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw ConsoleException.cannotListen(
                    "the console cannot listen on " + settings.host() + ":" + settings.port() + " (" + e.getMessage()
                            + "); is MemFuse running already? Choose another port with --port, any free one with"
                            + " --port 0, or go without with --no-console");
        }
        var console = new Console(server, settings, events, timeout);
        server.start();
        return console;
    }

    /** Shows this from now on. Called once. */
    public void show(Observed observed) {
        var sampler = new Sampler(observed, Clock.systemUTC(), Ticker.system());
        var history = new History();
        var unused = sampling.scheduleAtFixedRate(
                () -> sample(sampler, history), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        router.serve(new Router.Parts(
                new Documents(observed, sampler, history),
                new Actions(observed.registry(), events, timeout.dividedBy(2)),
                new EventStream(frames, executor, MOST_STREAMS)));
    }

    private void sample(Sampler sampler, History history) {
        try {
            Sample sample = sampler.look();
            frames.publish(sample);
            history.add(sample);
        } catch (RuntimeException e) {
            LOG.warn("the console could not look at the platform; it tries again in {}", PERIOD, e);
        }
    }

    /** Returns what to type into a browser. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        // Of an address that stands for all of this machine, Java makes the longest form that there is.
        String host = address.getAddress().isAnyLocalAddress()
                ? settings.host()
                : address.getAddress().getHostAddress();
        return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort() + "/";
    }

    /** Returns how many requests are being answered, open pages among them; for tests. */
    int serving() {
        return executor.running();
    }

    /** Ends all connections, and listens no more. */
    @Override
    public void close() {
        sampling.shutdownNow();
        frames.end();
        executor.close();
        server.stop(0);
    }
}
