package io.memfuse.config.yaml;

import io.memfuse.config.yaml.Node.Entry;
import io.memfuse.config.yaml.Node.Mapping;
import io.memfuse.config.yaml.Node.Nothing;
import io.memfuse.config.yaml.Node.Refused;
import io.memfuse.config.yaml.Node.Scalar;
import io.memfuse.config.yaml.Node.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Turns the tokens of one parser into a tree. Recursive: the parser bounds the nesting. Not thread-safe. */
final class TreeBuilder {

    private final YAMLParser parser;
    private final Predicate<String> secretKey;
    private final ProblemSink problems;

    TreeBuilder(YAMLParser parser, Predicate<String> secretKey, ProblemSink problems) {
        this.parser = parser;
        this.secretKey = secretKey;
        this.problems = problems;
    }

    /** Reads the node that begins at the current token, and leaves the parser at its last token. */
    Node node(NodePath path) {
        Place place = place(path);
        String refusal = refusal();
        Node node = read(place);
        if (refusal == null) {
            return node;
        }
        problems.add(place, refusal, "write the value itself");
        return new Refused(place);
    }

    private Node read(Place place) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping(place);
        }
        if (token == JsonToken.START_ARRAY) {
            return sequence(place);
        }
        // The library has no token for some scalars with a tag; those are refused for their tag.
        return token == null || token == JsonToken.VALUE_NULL
                ? new Nothing(place)
                : new Scalar(place, parser.getString());
    }

    private @Nullable String refusal() {
        if (parser.isCurrentAlias()) {
            return "an alias (*name) is not accepted";
        }
        if (parser.getObjectId() != null) {
            return "an anchor (&name) is not accepted";
        }
        return parser.getTypeId() == null ? null : "a tag (!name) is not accepted";
    }

    private Mapping mapping(Place place) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            NodePath path = place.path().child(name);
            Place key = place(secretKey.test(name) ? path.close() : path);
            parser.nextToken();
            Node value = node(key.path());
            Entry first = entries.putIfAbsent(name, new Entry(key, value));
            if (first != null) {
                problems.add(key, "duplicate key, first on line " + first.key().line(), "remove one of the two");
            }
        }
        return new Mapping(place, Collections.unmodifiableMap(entries));
    }

    private Sequence sequence(Place place) {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(place.path().item(items.size())));
        }
        return new Sequence(place, Collections.unmodifiableList(items));
    }

    /** Returns the place of the current token. */
    Place place(NodePath path) {
        TokenStreamLocation location = parser.currentTokenLocation();
        return new Place(location.getLineNr(), location.getColumnNr(), path);
    }
}
