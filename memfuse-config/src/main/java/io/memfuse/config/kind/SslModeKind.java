package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.core.pool.SslMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How connections are encrypted. */
public enum SslModeKind implements Kind.OfValue<SslMode> {
    KIND;

    @Override
    public Optional<SslMode> parse(Value value, Problems problems) {
        Optional<SslMode> mode = SslMode.of(value.text());
        if (mode.isEmpty()) {
            problems.add(value.place(), value.shown() + " is not a mode of SSL", "accepted: " + accepted());
        }
        return mode;
    }

    @Override
    public String show(SslMode value) {
        return value.word();
    }

    @Override
    public String accepted() {
        return SslMode.words();
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.orVariable(List.of(Schemas.object(
                "enum", Arrays.stream(SslMode.values()).map(SslMode::word).toList())));
    }
}
