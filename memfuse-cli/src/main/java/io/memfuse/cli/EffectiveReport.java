package io.memfuse.cli;

import io.memfuse.cli.output.Json;
import io.memfuse.cli.output.Table;
import io.memfuse.config.EffectiveValue;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Every value of a configuration with its origin. */
final class EffectiveReport {

    private static final String BUILT_IN = "built-in";

    private EffectiveReport() {}

    static void printTable(List<EffectiveValue> values, PrintStream out) {
        var table = new Table("KEY", "VALUE", "FROM");
        values.forEach(value -> table.row(value.path(), value.value(), from(value)));
        table.lines().forEach(out::println);
    }

    static void printJson(List<EffectiveValue> values, PrintStream out) {
        Json.print(out, json -> {
            json.writeArrayPropertyStart("values");
            values.forEach(value -> write(value, json));
            json.writeEndArray();
        });
    }

    private static void write(EffectiveValue value, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("key", value.path());
        json.writeStringProperty("value", value.value());
        json.writeStringProperty("from", value.origin().map(Object::toString).orElse(BUILT_IN));
        json.writeBooleanProperty(
                "interpolated",
                value.origin().map(origin -> origin.environment()).orElse(false));
        json.writeEndObject();
    }

    private static String from(EffectiveValue value) {
        return value.origin()
                .map(origin -> origin + (origin.environment() ? " ${...}" : ""))
                .orElse(BUILT_IN);
    }
}
