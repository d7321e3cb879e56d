package io.memfuse.config.effective;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Writes maps, lists, texts, numbers and truth values as JSON, indented. */
public final class JsonText {

    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    public static String of(Map<String, Object> object) {
        var json = new JsonText();
        json.write(object, "");
        return json.text.append('\n').toString();
    }

    private void write(Object value, String indent) {
        if (value instanceof Map<?, ?> map) {
            text.append('{');
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<?, ?> entry = entries.next();
                text.append('\n').append(indent).append(INDENT);
                quote(entry.getKey().toString());
                text.append(": ");
                write(entry.getValue(), indent + INDENT);
                text.append(entries.hasNext() ? "," : "\n" + indent);
            }
            text.append('}');
        } else if (value instanceof Collection<?> list) {
            text.append('[');
            Iterator<?> items = list.iterator();
            while (items.hasNext()) {
                write(items.next(), indent);
                text.append(items.hasNext() ? ", " : "");
            }
            text.append(']');
        } else if (value instanceof BigDecimal number) {
            text.append(number.toPlainString());
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            quote(value.toString());
        }
    }

    private void quote(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
