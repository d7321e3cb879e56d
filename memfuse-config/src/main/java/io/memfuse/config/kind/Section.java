package io.memfuse.config.kind;

import io.memfuse.config.value.Nearest;
import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.Node.Entry;
import io.memfuse.config.yaml.Node.Mapping;
import io.memfuse.config.yaml.Node.Sequence;
import io.memfuse.config.yaml.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One mapping of the file, read key by key. What is not there or wrong comes out as empty, or as the fallback; what is
 * wrong has been reported then, once. Not thread-safe.
 */
public final class Section {

    private final Mapping mapping;
    private final Source source;

    private Section(Mapping mapping, Source source) {
        this.mapping = mapping;
        this.source = source;
    }

    /** Returns the section that {@code node} is; empty if it is something else, which is then reported. */
    public static Optional<Section> of(Node node, Source source) {
        return source.expect(Mapping.class, node, "keys with values ('key: value')")
                .map(mapping -> {
                    source.found(mapping.place(), false);
                    return new Section(mapping, source);
                });
    }

    /** Returns where the section begins. */
    public Place place() {
        return mapping.place();
    }

    /** Returns where the value of {@code key} stands, or else where the section begins. */
    public Place placeOf(String key) {
        Entry entry = mapping.entries().get(key);
        return entry == null ? place() : entry.value().place();
    }

    public Problems problems() {
        return source.problems();
    }

    public boolean has(String key) {
        return mapping.entries().containsKey(key);
    }

    /** Returns the keys, in the order of the file. */
    public Set<String> keys() {
        return mapping.entries().keySet();
    }

    /** Returns where {@code key} itself stands, which must be there. */
    public Place placeOfKey(String key) {
        return Objects.requireNonNull(mapping.entries().get(key)).key();
    }

    /** Reports every key that is not among {@code known}. */
    public void refuseUnknownKeys(Set<String> known) {
        refuseUnknownKeys(known, Map.of());
    }

    /**
     * Reports every key that is not among {@code known}.
     *
     * @param moved what to do about keys that stand elsewhere
     */
    public void refuseUnknownKeys(Set<String> known, Map<String, String> moved) {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                String hint = moved.get(key);
                source.problems().add(entry.key(), "unknown key", hint == null ? Nearest.hint(key, known) : hint);
            }
        });
    }

    /** Reports that {@code key} is missing, unless it is there. */
    public void require(String key) {
        if (!has(key)) {
            source.problems().add(place(), "'" + key + "' is missing", "add it");
        }
    }

    /** Returns the section under {@code key}. */
    public Optional<Section> section(String key) {
        return node(key).flatMap(node -> of(node, source));
    }

    /** Returns the items of the list under {@code key}; no items if there is no list. */
    public List<Node> list(String key) {
        return node(key)
                .flatMap(node -> source.expect(Sequence.class, node, "a list ('- item' or '[item, item]')"))
                .map(Sequence::items)
                .orElse(List.of());
    }

    /** Returns the value under {@code key}. */
    public Optional<Value> value(String key) {
        return node(key).flatMap(source::value);
    }

    /** Returns the value under {@code key}; empty if there is none or it is wrong. */
    public <T> Optional<T> get(Key<T> key) {
        return key.kind().read(this, key.name());
    }

    /** Returns the texts under keys that the file chooses itself. */
    public Map<String, String> texts(TextRule keyRule, TextRule textRule) {
        Map<String, String> texts = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            if (keyRule.accepts(new Value(key, entry.key(), false), source.problems())) {
                textRule.read(this, key).ifPresent(text -> texts.put(key, text));
            }
        });
        return texts;
    }

    private Optional<Node> node(String key) {
        return Optional.ofNullable(mapping.entries().get(key)).map(Entry::value);
    }
}
