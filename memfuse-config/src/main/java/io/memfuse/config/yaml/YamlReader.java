package io.memfuse.config.yaml;

import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLSchema;

/**
 * Reads one YAML document. Thread-safe.
 *
 * <p>Built on the tokens of the YAML library rather than on its data binding, which stops at the first problem and forgets
 * the lines. Refused are: duplicate keys, anchors and aliases (so there is no alias bomb), tags, several documents, and
 * nesting deeper than {@value #MAX_DEPTH}.
 */
public final class YamlReader {

    /** Mappings and lists inside one another. */
    static final int MAX_DEPTH = 64;

    // The nesting is the only one of these bounds that a file can reach: its size is bounded before it is read.
    private static final YAMLFactory FACTORY = YAMLFactory.builder()
            .yamlSchema(YAMLSchema.CORE)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private YamlReader() {}

    /**
     * Reads {@code text}.
     *
     * @param secretKey tells which keys hold secrets: nothing below them is shown in a message
     * @param problems takes everything that is wrong
     * @return the root, which is nothing if the text has no document; empty if the text is not YAML, which is then
     *     reported
     */
    public static Optional<Node> read(String text, Predicate<String> secretKey, ProblemSink problems) {
        try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), RoomyReader.of(text))) {
            return read(parser, secretKey, problems);
        }
    }

    private static Optional<Node> read(YAMLParser parser, Predicate<String> secretKey, ProblemSink problems) {
        try {
            JsonToken first = parser.nextToken();
            if (first == null || (first == JsonToken.VALUE_NULL && parser.nextToken() == null)) {
                return Optional.of(new Node.Nothing(new Place(1, 1, NodePath.ROOT)));
            }
            var builder = new TreeBuilder(parser, secretKey, problems);
            Node root = builder.node(NodePath.ROOT);
            if (parser.nextToken() != null) {
                problems.add(builder.place(NodePath.ROOT), "a second document begins here", "write one document only");
            }
            return Optional.of(root);
        } catch (JacksonException notYaml) {
            SyntaxProblem.of(notYaml, parser.currentTokenLocation()).addTo(problems);
            return Optional.empty();
        }
    }
}
