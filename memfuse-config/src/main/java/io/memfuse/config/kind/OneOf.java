package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One of some words.
 *
 * @param what what a text is not that is none of them, with its article
 * @param values what the words stand for
 * @param word returns the word of a value
 */
public record OneOf<T>(String what, List<T> values, Function<T, String> word) implements Kind.OfValue<T> {

    /** Returns what a word stands for; empty if it is none. */
    public Optional<T> of(String text) {
        return values.stream().filter(value -> word.apply(value).equals(text)).findFirst();
    }

    @Override
    public Optional<T> parse(Value value, Problems problems) {
        Optional<T> found = of(value.text());
        if (found.isEmpty()) {
            problems.add(value.place(), value.shown() + " is not " + what, "accepted: " + accepted());
        }
        return found;
    }

    @Override
    public String show(T value) {
        return word.apply(value);
    }

    @Override
    public String accepted() {
        return String.join(", ", words());
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.orVariable(List.of(Schemas.object("enum", words())));
    }

    private List<String> words() {
        return values.stream().map(word).toList();
    }
}
