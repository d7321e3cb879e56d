package io.memfuse.cli.console;

import com.sun.net.httpserver.HttpExchange;
import io.memfuse.cli.console.Frames.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Sends the frames to browsers as server-sent events, each on a thread of its own: one that stalls is cut off by the executor
 * and holds up nobody. Thread-safe.
 */
final class EventStream {

    /** So often at least something is sent, by which a browser that is gone is noticed. */
    private static final Duration PING = Duration.ofSeconds(3);

    private final Frames frames;
    private final PunctualExecutor executor;
    private final Semaphore places;

    EventStream(Frames frames, PunctualExecutor executor, int most) {
        this.frames = frames;
        this.executor = executor;
        this.places = new Semaphore(most);
    }

    /** Tells whether there is a place for one more, and takes it. */
    boolean enter() {
        return places.tryAcquire();
    }

    /** Sends until the browser is gone or the console ends; after {@link #enter}. */
    void send(HttpExchange exchange) throws IOException, InterruptedException {
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            send(exchange.getResponseBody());
        } finally {
            places.release();
        }
    }

    private void send(OutputStream body) throws IOException, InterruptedException {
        long seen = 0;
        while (!frames.hasEnded()) {
            Frame frame = frames.after(seen, PING);
            if (frame == null) {
                write(": nothing new\n\n", body);
            } else {
                write(
                        "data: " + (frame.number() == seen + 1 && seen > 0 ? frame.change() : frame.whole()) + "\n\n",
                        body);
                seen = frame.number();
            }
            executor.extend();
        }
    }

    private static void write(String text, OutputStream body) throws IOException {
        body.write(text.getBytes(StandardCharsets.UTF_8));
        body.flush();
    }
}
