package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A truth value. */
public enum Flag implements Kind.OfValue<Boolean> {
    KIND;

    @Override
    public Optional<Boolean> parse(Value value, Problems problems) {
        if (value.text().equals("true") || value.text().equals("false")) {
            return Optional.of(value.text().equals("true"));
        }
        problems.add(value.place(), value.shown() + " is neither true nor false", "accepted: true, false");
        return Optional.empty();
    }

    @Override
    public String show(Boolean value) {
        return value.toString();
    }

    @Override
    public String accepted() {
        return "true, false";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.orVariable(List.of(Map.of("type", "boolean")));
    }
}
