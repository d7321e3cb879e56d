package io.memfuse.config.kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of the JSON Schema. */
public final class Schemas {

    private Schemas() {}

    /** Returns an object of these properties, in this order. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** Returns what is one of {@code forms}, or a text with a variable in it, of which nothing more can be said. */
    public static Map<String, Object> orVariable(List<Map<String, Object>> forms) {
        List<Object> all = new ArrayList<>(forms);
        all.add(object("$ref", "#/definitions/variable"));
        return object("anyOf", all);
    }

    /** Returns what is a text; YAML takes some texts for numbers or truth values, which does not matter here. */
    public static Map<String, Object> text() {
        return object("type", List.of("string", "number", "boolean"));
    }
}
