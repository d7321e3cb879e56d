package io.memfuse.cli.console;

import io.memfuse.cli.console.EventLog.Event;
import io.memfuse.cli.output.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What the browsers are sent: each sample becomes a text once, for all of them, and only if there is one. Most of what a
 * platform of a thousand pools shows is as it was a second ago, so who has seen the last frame is sent what has changed.
 * Thread-safe.
 */
final class Frames {

    private final EventLog events;

    /** What no frame has been made of yet. Guarded by this, as all below. */
    private @Nullable Sample newest;

    private @Nullable Frame last;
    private boolean ended;

    Frames(EventLog events) {
        this.events = events;
    }

    /** Lets those who wait have a new sample. */
    synchronized void publish(Sample sample) {
        newest = sample;
        notifyAll();
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Lets nobody wait any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /**
     * Returns the frame of the newest sample, once it is another than that of this number.
     *
     * @return null if there is none after {@code timeout}, or never will be
     */
    synchronized @Nullable Frame after(long number, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!ended) {
            Frame frame = current();
            if (frame != null && frame.number() != number) {
                return frame;
            }
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return null;
            }
            wait(millis);
        }
        return null;
    }

    private @Nullable Frame current() {
        Sample sample = newest;
        if (sample != null) {
            last = Frame.of(sample, last, events);
            newest = null;
        }
        return last;
    }

    /** A sample as text, and how it differs from the one before. */
    static final class Frame {

        private final long number;
        private final String common;
        private final Map<String, String> pools;
        private final List<Event> events;
        private final long lastChange;
        private final String change;
        private @Nullable String whole;

        private Frame(Sample sample, @Nullable Frame before, EventLog log) {
            number = before == null ? 1 : before.number + 1;
            common = Json.text(json -> writeCommon(sample, json));
            pools = new LinkedHashMap<>();
            sample.pools().forEach(row -> pools.put(row.id(), Json.value(row::write)));
            events = log.since(0);
            long seen = before == null ? 0 : before.lastChange;
            lastChange = events.stream().mapToLong(Event::change).max().orElse(seen);
            change = text(false, changed(before), gone(before), news(seen));
        }

        static Frame of(Sample sample, @Nullable Frame before, EventLog log) {
            return new Frame(sample, before, log);
        }

        long number() {
            return number;
        }

        /** Returns what has changed since the frame before. */
        String change() {
            return change;
        }

        /** Returns all there is. */
        synchronized String whole() {
            String text = whole;
            if (text == null) {
                text = text(true, pools.values(), List.of(), events);
                whole = text;
            }
            return text;
        }

        private List<String> changed(@Nullable Frame before) {
            List<String> changed = new ArrayList<>();
            pools.forEach((id, text) -> {
                if (before == null || !text.equals(before.pools.get(id))) {
                    changed.add(text);
                }
            });
            return changed;
        }

        private List<String> gone(@Nullable Frame before) {
            return before == null
                    ? List.of()
                    : before.pools.keySet().stream()
                            .filter(id -> !pools.containsKey(id))
                            .toList();
        }

        private List<Event> news(long seen) {
            return events.stream().filter(event -> event.change() > seen).toList();
        }

        private String text(boolean isWhole, Iterable<String> rows, List<String> gone, List<Event> news) {
            return Json.text(json -> {
                json.writeBooleanProperty("whole", isWhole);
                json.writeName("platform");
                json.writeRawValue(common);
                json.writeArrayPropertyStart("pools");
                rows.forEach(json::writeRawValue);
                json.writeEndArray();
                json.writeArrayPropertyStart("gone");
                gone.forEach(json::writeString);
                json.writeEndArray();
                json.writeArrayPropertyStart("events");
                news.forEach(event -> write(event, json));
                json.writeEndArray();
            });
        }

        private static void writeCommon(Sample sample, JsonGenerator json) {
            json.writeNumberProperty("at", sample.atMillis());
            sample.writeHealth(json);
            json.writeObjectPropertyStart("lock");
            sample.writeLock(json);
            json.writeEndObject();
            json.writeObjectPropertyStart("services");
            sample.writeServices(json);
            json.writeEndObject();
        }

        private static void write(Event event, JsonGenerator json) {
            json.writeStartObject();
            json.writeNumberProperty("id", event.id());
            json.writeNumberProperty("at", event.atMillis());
            json.writeStringProperty("kind", event.kind().name());
            json.writeStringProperty("pool", event.pool());
            json.writeStringProperty("text", event.text());
            json.writeNumberProperty("count", event.count());
            json.writeEndObject();
        }
    }
}
