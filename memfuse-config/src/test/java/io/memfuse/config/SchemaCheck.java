package io.memfuse.config;

import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.YamlReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks YAML against a JSON Schema, as an editor would; fails on a word of the schema that it does not know. */
final class SchemaCheck {

    /** What YAML's core schema takes for a number. */
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?[0-9]+|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");

    private static final Set<String> ANNOTATIONS =
            Set.of("$schema", "title", "description", "definitions", "propertyNames");

    private final Map<String, Object> root;

    SchemaCheck(Map<String, Object> schema) {
        this.root = schema;
    }

    /** Returns what is wrong with the document, by path. */
    List<String> problems(String yaml) {
        Object document = YamlReader.read(yaml, key -> false, (place, message, hint) -> {})
                .map(SchemaCheck::value)
                .orElse("not YAML");
        return problems("", document, root);
    }

    private static Object value(Node node) {
        if (node instanceof Node.Mapping mapping) {
            Map<String, Object> map = new LinkedHashMap<>();
            mapping.entries().forEach((key, entry) -> map.put(key, value(entry.value())));
            return map;
        }
        if (node instanceof Node.Sequence sequence) {
            return sequence.items().stream().map(SchemaCheck::value).toList();
        }
        if (node instanceof Node.Scalar scalar) {
            String text = scalar.text();
            if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
            }
            return NUMBER.matcher(text).matches() ? new BigDecimal(text) : text;
        }
        return Set.of(); // nothing, which no schema here accepts
    }

    @SuppressWarnings("unchecked")
    private List<String> problems(String path, Object value, Map<String, Object> schema) {
        List<String> problems = new ArrayList<>();
        schema.forEach((word, expected) -> {
            switch (word) {
                case "$ref" -> problems.addAll(problems(path, value, referred((String) expected)));
                case "type" -> require(isOfType(value, expected), path + " is no " + expected, problems);
                case "enum" ->
                    require(((List<Object>) expected).contains(value), path + " is none of " + expected, problems);
                case "const" ->
                    require(
                            value instanceof BigDecimal number && number.signum() == 0,
                            path + " is not " + expected,
                            problems);
                case "minimum" -> require(compare(value, expected) >= 0, path + " is less than " + expected, problems);
                case "maximum" -> require(compare(value, expected) <= 0, path + " is more than " + expected, problems);
                case "pattern" ->
                    require(
                            !(value instanceof String text)
                                    || Pattern.compile((String) expected)
                                            .matcher(text)
                                            .find(),
                            path + " is not like " + expected,
                            problems);
                case "anyOf" ->
                    require(
                            ((List<Map<String, Object>>) expected)
                                    .stream()
                                            .anyMatch(form ->
                                                    problems(path, value, form).isEmpty()),
                            path + " fits none of " + expected,
                            problems);
                case "required" ->
                    ((List<String>) expected)
                            .forEach(key -> require(
                                    !(value instanceof Map<?, ?> map) || map.containsKey(key),
                                    path + " has no " + key,
                                    problems));
                case "minItems" ->
                    require(
                            !(value instanceof List<?> list) || list.size() >= (Integer) expected,
                            path + " is too short",
                            problems);
                case "items" -> {
                    if (value instanceof List<?> list) {
                        list.forEach(
                                item -> problems.addAll(problems(path + "[]", item, (Map<String, Object>) expected)));
                    }
                }
                case "properties" -> {
                    if (value instanceof Map<?, ?> map) {
                        ((Map<String, Map<String, Object>>) expected).forEach((key, form) -> {
                            if (map.containsKey(key)) {
                                problems.addAll(problems(path + "." + key, map.get(key), form));
                            }
                        });
                    }
                }
                case "additionalProperties" -> additional(path, value, schema, expected, problems);
                default -> require(ANNOTATIONS.contains(word), "what is " + word, problems);
            }
        });
        return problems;
    }

    @SuppressWarnings("unchecked")
    private void additional(
            String path, Object value, Map<String, Object> schema, Object expected, List<String> problems) {
        Map<String, Object> known = (Map<String, Object>) schema.getOrDefault("properties", Map.of());
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> {
                if (!known.containsKey(key)) {
                    if (expected instanceof Map<?, ?> form) {
                        problems.addAll(problems(path + "." + key, item, (Map<String, Object>) form));
                    } else {
                        problems.add(path + "." + key + " is not known");
                    }
                }
            });
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> referred(String reference) {
        Object target = root;
        for (String step : reference.substring(2).split("/", -1)) {
            target = Objects.requireNonNull(((Map<String, Object>) target).get(step), reference);
        }
        return (Map<String, Object>) target;
    }

    private static boolean isOfType(Object value, Object type) {
        if (type instanceof List<?> types) {
            return types.stream().anyMatch(one -> isOfType(value, one));
        }
        return switch ((String) type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "number" -> value instanceof BigDecimal;
            case "integer" ->
                value instanceof BigDecimal number
                        && number.stripTrailingZeros().scale() <= 0;
            default -> throw new IllegalArgumentException((String) type);
        };
    }

    private static int compare(Object value, Object bound) {
        return value instanceof BigDecimal number ? number.compareTo(new BigDecimal(bound.toString())) : 0;
    }

    private static void require(boolean holds, String problem, List<String> problems) {
        if (!holds) {
            problems.add(problem);
        }
    }
}
