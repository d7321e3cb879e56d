package io.memfuse.cli.console;

import io.memfuse.cli.output.Json;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * What a request is told.
 *
 * @param status the status of HTTP
 * @param type the content's type
 * @param body the content
 */
record Answer(int status, String type, String body) {

    private static final String JSON = "application/json";

    /** Returns a JSON object. */
    static Answer json(int status, Consumer<JsonGenerator> properties) {
        return new Answer(status, JSON, Json.text(properties));
    }

    /** Returns a refusal that says what to do. */
    static Answer error(int status, String message) {
        return json(status, json -> json.writeStringProperty("error", message));
    }

    static Answer text(String type, String text) {
        return new Answer(200, type, text);
    }
}
