package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Shown;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The name of a file, which may be left out. */
public enum FileKind implements Kind.OfValue<Optional<Path>> {
    KIND;

    @Override
    public Optional<Optional<Path>> parse(Value value, Problems problems) {
        return TextRule.FILE.parse(value, problems).flatMap(text -> {
            try {
                return Optional.of(Optional.of(Path.of(text)));
            } catch (InvalidPathException notAPath) {
                problems.add(value.place(), "is no valid path", "write the name of a file");
                return Optional.empty();
            }
        });
    }

    @Override
    public String show(Optional<Path> value) {
        return value.map(path -> Shown.line(path.toString())).orElse("none");
    }

    @Override
    public String accepted() {
        return TextRule.FILE.accepted();
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.text();
    }
}
