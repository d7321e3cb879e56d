package io.memfuse.cli.console;

import io.memfuse.cli.startup.StartupReportJson;
import io.memfuse.core.service.ServiceUsers;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** What the platform is, as JSON and as text. */
final class Documents {

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** So many users are listed. */
    static final int MOST_USERS = 500;

    private final Observed observed;
    private final Sampler sampler;
    private final History history;

    Documents(Observed observed, Sampler sampler, History history) {
        this.observed = observed;
        this.sampler = sampler;
        this.history = history;
    }

    Answer pools() {
        Sample sample = sampler.look();
        return Answer.json(200, json -> {
            sample.writeHealth(json);
            json.writeArrayPropertyStart("pools");
            sample.pools().forEach(row -> row.write(json));
            json.writeEndArray();
        });
    }

    /** @param user what the names of the users that are listed contain; in small or in capital letters */
    Answer services(String user) {
        Sample sample = sampler.look();
        String part = user.toLowerCase(Locale.ROOT);
        ServiceUsers users = observed.services()
                .users(MOST_USERS, name -> name.toLowerCase(Locale.ROOT).contains(part));
        return Answer.json(200, json -> {
            sample.writeServices(json);
            json.writeArrayPropertyStart("listed");
            users.listed().forEach(one -> write(one, json));
            json.writeEndArray();
            json.writeNumberProperty("more", users.more());
        });
    }

    private static void write(ServiceUsers.User user, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("user", user.name());
        json.writeArrayPropertyStart("services");
        user.services().forEach(json::writeString);
        json.writeEndArray();
        json.writeNumberProperty("unseen_millis", user.unseenFor().toMillis());
        json.writeEndObject();
    }

    Answer lock() {
        Sample sample = sampler.look();
        return Answer.json(200, sample::writeLock);
    }

    Answer startup(boolean writable) {
        return Answer.json(200, json -> {
            json.writeBooleanProperty("writable", writable);
            StartupReportJson.write(observed.report(), json);
        });
    }

    Answer history(Optional<String> pool) {
        var found = new boolean[1];
        Answer answer = Answer.json(200, json -> found[0] = history.write(pool, json));
        return found[0] ? answer : Answer.error(404, "there is no pool " + pool.orElse("yet"));
    }

    Answer ready() {
        boolean ready = observed.ready().getAsBoolean();
        return Answer.json(ready ? 200 : 503, json -> {
            json.writeBooleanProperty("ready", ready);
            json.writeStringProperty("health", observed.health().get().status().name());
            json.writeStringProperty("reason", observed.health().get().reason());
        });
    }

    Answer metrics() {
        Supplier<String> metrics = observed.metrics();
        return metrics == null
                ? Answer.error(404, "nobody makes metrics here; bind memfuse-micrometer to have them")
                : Answer.text(PROMETHEUS, metrics.get());
    }
}
