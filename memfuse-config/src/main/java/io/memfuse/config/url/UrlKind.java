package io.memfuse.config.url;

import io.memfuse.config.kind.Kind;
import io.memfuse.config.kind.Schemas;
import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.core.pool.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The URL of a database; never shown, because a password may be in it. */
public enum UrlKind implements Kind.OfValue<PostgresUrl> {
    KIND;

    @Override
    public Optional<PostgresUrl> parse(Value value, Problems problems) {
        PostgresUrl url = PostgresUrlParser.parse(
                value.text(), complaint -> problems.add(value.place(), complaint.message(), complaint.hint()));
        return Optional.ofNullable(url).map(parsed -> renewable(parsed, value.renewal()));
    }

    private static PostgresUrl renewable(PostgresUrl url, @Nullable Supplier<Optional<String>> renewal) {
        return renewal == null || url.password() == null
                ? url
                : url.withPassword(Secret.renewable(
                        url.password().reveal(), () -> renewal.get().flatMap(UrlKind::passwordOf)));
    }

    private static Optional<String> passwordOf(String text) {
        return Optional.ofNullable(PostgresUrlParser.parse(text, complaint -> {}))
                .map(PostgresUrl::password)
                .map(Secret::reveal);
    }

    @Override
    public String show(PostgresUrl value) {
        return "[secret]";
    }

    @Override
    public String accepted() {
        return "`postgresql://`, `postgres://`, `jdbc:postgresql://`, `r2dbc:postgresql://`";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.orVariable(
                List.of(Schemas.object("type", "string", "pattern", "^((jdbc|r2dbc):)?postgres(ql)?:")));
    }
}
