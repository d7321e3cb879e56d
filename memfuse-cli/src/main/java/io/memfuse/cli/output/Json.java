package io.memfuse.cli.output;

import java.io.PrintStream;
import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** JSON on one line. */
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Prints, on one line, the object whose properties {@code properties} writes; nothing if that throws. */
    public static void print(PrintStream out, Consumer<JsonGenerator> properties) {
        out.println(text(properties));
    }

    /** Returns the object whose properties {@code properties} writes. */
    public static String text(Consumer<JsonGenerator> properties) {
        return value(json -> {
            json.writeStartObject();
            properties.accept(json);
            json.writeEndObject();
        });
    }

    /** Returns what {@code value} writes. */
    public static String value(Consumer<JsonGenerator> value) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            value.accept(json);
        }
        return text.toString();
    }
}
