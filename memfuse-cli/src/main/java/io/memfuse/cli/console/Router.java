package io.memfuse.cli.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who answers a request. Thread-safe. */
final class Router implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    /** Nothing from outside, nothing inline, in nobody's frame. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-store");

    private static final String ACTION = "/api/pools/";

    private final Access access;
    private final PageFiles files = new PageFiles();
    private volatile @Nullable Parts parts;

    /** What there is once the platform has started. */
    record Parts(Documents documents, Actions actions, EventStream stream) {}

    Router(Access access) {
        this.access = access;
    }

    /** Has these answer from now on. */
    void serve(Parts newParts) {
        parts = newParts;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        HEADERS.forEach(exchange.getResponseHeaders()::set);
        try (exchange) {
            Optional<Answer> answer = answerOrError(exchange);
            if (answer.isPresent()) {
                send(answer.get(), exchange);
            }
        } catch (InterruptedException cutOff) {
            LOG.debug("cut off {}", path(exchange));
        }
    }

    private Optional<Answer> answerOrError(HttpExchange exchange) throws IOException, InterruptedException {
        try {
            return answer(exchange);
        } catch (RuntimeException failure) {
            LOG.warn("the console could not answer {}", path(exchange), failure);
            return Optional.of(Answer.error(500, "the console could not answer; the log of the program says why"));
        }
    }

    /** As it was sent: what is decoded may have ends of lines, which would look like lines of the log. */
    private static String path(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestURI().getRawPath());
    }

    private Optional<Answer> answer(HttpExchange exchange) throws IOException, InterruptedException {
        Headers headers = exchange.getRequestHeaders();
        Optional<Answer> foreign = access.refuseForeign(headers);
        if (foreign.isPresent()) {
            return foreign;
        }
        String path = path(exchange);
        return switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" -> read(path, headers, exchange);
            case "POST" -> Optional.of(write(path, headers, exchange));
            default -> Optional.of(Answer.error(405, "only GET, HEAD and POST are known here"));
        };
    }

    private Optional<Answer> read(String path, Headers headers, HttpExchange exchange)
            throws IOException, InterruptedException {
        if (path.equals("/health/live")) {
            return Optional.of(Answer.json(200, json -> json.writeBooleanProperty("live", true)));
        }
        Optional<Answer> file = files.find(path);
        if (file.isPresent()) {
            return file;
        }
        Parts now = parts;
        if (now == null) {
            return Optional.of(Answer.json(503, json -> {
                json.writeBooleanProperty("ready", false);
                json.writeStringProperty("reason", "the platform starts: pools are warmed, services pre-cached");
            }));
        }
        if (path.equals("/health/ready")) {
            return Optional.of(now.documents().ready());
        }
        Optional<Answer> refused = access.refuseReader(headers);
        if (refused.isPresent()) {
            return refused;
        }
        if (path.equals("/events")) {
            return stream(now.stream(), exchange);
        }
        return Optional.of(document(path, now.documents(), exchange));
    }

    private Answer document(String path, Documents documents, HttpExchange exchange) {
        return switch (path) {
            case "/metrics" -> documents.metrics();
            case "/api/pools" -> documents.pools();
            case "/api/services" -> documents.services(parameters(exchange).getOrDefault("user", ""));
            case "/api/lock" -> documents.lock();
            case "/api/startup" -> documents.startup(access.canWrite());
            case "/api/history" ->
                documents.history(Optional.ofNullable(parameters(exchange).get("pool")));
            default ->
                Answer.error(
                        404,
                        "there is nothing here; there are /, /events, /metrics, /health/live, /health/ready, /api/pools,"
                                + " /api/services, /api/lock, /api/startup and /api/history");
        };
    }

    private static Optional<Answer> stream(EventStream stream, HttpExchange exchange)
            throws IOException, InterruptedException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            return Optional.of(new Answer(200, "text/event-stream", ""));
        }
        if (!stream.enter()) {
            return Optional.of(Answer.error(503, "too many pages are open; close one"));
        }
        stream.send(exchange);
        return Optional.empty();
    }

    private Answer write(String path, Headers headers, HttpExchange exchange) throws InterruptedException {
        Optional<Answer> refused = access.refuseWriter(headers);
        if (refused.isPresent()) {
            return refused.get();
        }
        Parts now = parts;
        int slash = path.lastIndexOf('/');
        if (now == null || !path.startsWith(ACTION) || slash < ACTION.length()) {
            return Answer.error(404, "there is nothing to post to here; there is /api/pools/{key}/{action}");
        }
        String pool = decode(path.substring(ACTION.length(), slash));
        return now.actions().apply(pool, path.substring(slash + 1), parameters(exchange));
    }

    private static Map<String, String> parameters(HttpExchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    parameters.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
                }
            }
        }
        return parameters;
    }

    /** In a path and in what a page encodes, a plus is a plus. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static void send(Answer answer, HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        if (answer.status() == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), isHead || body.length == 0 ? -1 : body.length);
        if (!isHead) {
            exchange.getResponseBody().write(body);
            // Before the exchange is closed, which waits for what is left of the request; newer JDKs keep the answer
            // until then.
            exchange.getResponseBody().flush();
        }
    }
}
