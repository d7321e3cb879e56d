package io.memfuse.config;

import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.Node.Entry;
import io.memfuse.config.yaml.Node.Mapping;
import io.memfuse.config.yaml.Node.Sequence;
import io.memfuse.config.yaml.Place;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One mapping of the file, read key by key. What is not there or wrong comes out as empty, or as the fallback; what is
 * wrong has been reported then, once. Not thread-safe.
 */
final class Section {

    private final Mapping mapping;
    private final Source source;

    private Section(Mapping mapping, Source source) {
        this.mapping = mapping;
        this.source = source;
    }

    /** Returns the section that {@code node} is; empty if it is something else, which is then reported. */
    static Optional<Section> of(Node node, Source source) {
        return source.expect(Mapping.class, node, "keys with values ('key: value')")
                .map(mapping -> {
                    source.found(mapping.place(), false);
                    return new Section(mapping, source);
                });
    }

    /** Returns where the section begins. */
    Place place() {
        return mapping.place();
    }

    /** Returns where the value of {@code key} stands, or else where the section begins. */
    Place placeOf(String key) {
        Entry entry = mapping.entries().get(key);
        return entry == null ? place() : entry.value().place();
    }

    boolean has(String key) {
        return mapping.entries().containsKey(key);
    }

    /** Reports every key that is not among {@code known}. */
    void refuseUnknownKeys(Set<String> known) {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                source.problems().add(entry.key(), "unknown key", Nearest.hint(key, known));
            }
        });
    }

    /** Reports that {@code key} is missing, unless it is there. */
    void require(String key) {
        if (!has(key)) {
            source.problems().add(place(), "'" + key + "' is missing", "add it");
        }
    }

    /** Returns the section under {@code key}. */
    Optional<Section> section(String key) {
        return node(key).flatMap(node -> of(node, source));
    }

    /** Returns the items of the list under {@code key}; no items if there is no list. */
    List<Node> list(String key) {
        return node(key)
                .flatMap(node -> source.expect(Sequence.class, node, "a list ('- item' or '[item, item]')"))
                .map(Sequence::items)
                .orElse(List.of());
    }

    /** Returns the value under {@code key}. */
    Optional<Value> value(String key) {
        return node(key).flatMap(source::value);
    }

    /** Returns the text under {@code key}. */
    Optional<Value> text(String key, TextRule rule) {
        return value(key).filter(value -> rule.accepts(value, source.problems()));
    }

    /** Returns the text under {@code key}, or else {@code fallback}. */
    String text(String key, TextRule rule, String fallback) {
        return text(key, rule).map(Value::text).orElse(fallback);
    }

    /** Returns the number under {@code key}. */
    OptionalInt number(String key, IntRange range) {
        return value(key).map(value -> range.parse(value, source.problems())).orElse(OptionalInt.empty());
    }

    /** Returns the number under {@code key}, or else {@code fallback}. */
    int number(String key, IntRange range, int fallback) {
        return number(key, range).orElse(fallback);
    }

    /** Returns whether the value under {@code key} is true, or else {@code fallback}. */
    boolean flag(String key, boolean fallback) {
        return text(key, TextRule.FLAG)
                .map(value -> value.text().equals("true"))
                .orElse(fallback);
    }

    /** Returns the duration under {@code key}, or else {@code fallback}. */
    Duration duration(String key, DurationRange range, Duration fallback) {
        return value(key)
                .flatMap(value -> range.parse(value, source.problems()))
                .orElse(fallback);
    }

    /** Returns the texts under keys that the file chooses itself. */
    Map<String, String> texts(TextRule keyRule, TextRule textRule) {
        Map<String, String> texts = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            if (keyRule.accepts(new Value(key, entry.key(), false), source.problems())) {
                text(key, textRule).ifPresent(value -> texts.put(key, value.text()));
            }
        });
        return texts;
    }

    private Optional<Node> node(String key) {
        return Optional.ofNullable(mapping.entries().get(key)).map(Entry::value);
    }
}
