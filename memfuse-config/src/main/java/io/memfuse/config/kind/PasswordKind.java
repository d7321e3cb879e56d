package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.core.pool.Secret;
import java.util.Map;
import java.util.Optional;

/** A password: never shown. */
public enum PasswordKind implements Kind.OfValue<Secret> {
    KIND;

    @Override
    public Optional<Secret> parse(Value value, Problems problems) {
        return TextRule.PASSWORD.accepts(value, problems) ? Optional.of(value.secret()) : Optional.empty();
    }

    @Override
    public String show(Secret value) {
        return value.isEmpty() ? "none" : value.toString();
    }

    @Override
    public String accepted() {
        return TextRule.PASSWORD.accepted();
    }

    @Override
    public Map<String, Object> schema() {
        return TextRule.PASSWORD.schema();
    }
}
