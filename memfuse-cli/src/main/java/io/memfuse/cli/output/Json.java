package io.memfuse.cli.output;

import java.io.PrintStream;
import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object on standard output. */
public final class Json {

    private Json() {}

    /** Prints, on one line, the object whose properties {@code properties} writes; nothing if that throws. */
    public static void print(PrintStream out, Consumer<JsonGenerator> properties) {
        var text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            properties.accept(json);
            json.writeEndObject();
        }
        out.println(text);
    }
}
