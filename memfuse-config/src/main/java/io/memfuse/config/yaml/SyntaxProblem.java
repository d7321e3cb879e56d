package io.memfuse.config.yaml;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;

/** Why a text is not YAML, in our words: the library's own message quotes the text around the error, password and all. */
record SyntaxProblem(Place place, String message, @Nullable String hint) {

    /** What the library says, and what that means. The first one that fits counts. */
    private static final List<Explanation> EXPLANATIONS = List.of(
            new Explanation("(TAB)", "a tab where only spaces may stand", "indent with spaces"),
            new Explanation(
                    "mapping values are not allowed",
                    "a ':' where no value can begin",
                    "check the indentation, and quote text that contains ': '"),
            new Explanation(
                    "could not find expected ':'",
                    "a line without a ':'",
                    "write 'key: value', with a space after the ':'"),
            new Explanation(
                    "expected <block end>",
                    "does not fit the lines above",
                    "check the indentation, the '-' and the ':'"),
            new Explanation("unexpected end of stream", "quotes are opened and not closed", "close them", true),
            new Explanation(
                    "expected ',' or",
                    "a bracket is opened and not closed",
                    "close it, or put a ',' between items",
                    true),
            new Explanation(
                    "cannot start any token", "no value can begin with this character", "put the text in quotes"));

    /** @param atOpening whether what is to be mended is where it began, wherever that is found out */
    private record Explanation(String clue, String message, String hint, boolean atOpening) {

        Explanation(String clue, String message, String hint) {
            this(clue, message, hint, false);
        }

        SyntaxProblem problem(MarkedYamlEngineException failure, Place found) {
            Optional<Place> opening =
                    failure.getContextMark().filter(mark -> atOpening).map(SyntaxProblem::place);
            return opening.map(place -> new SyntaxProblem(place, message + upTo(place, found), hint))
                    .orElse(new SyntaxProblem(found, message, hint));
        }

        private static String upTo(Place opening, Place found) {
            return opening.line() == found.line() ? "" : " by line " + found.line();
        }
    }

    /** @param reached the last token before the failure, which the failure itself does not always know */
    static SyntaxProblem of(JacksonException failure, TokenStreamLocation reached) {
        if (failure instanceof StreamConstraintsException) {
            return new SyntaxProblem(
                    place(reached),
                    "nested deeper than " + YamlReader.MAX_DEPTH + " levels",
                    "check the indentation and the brackets");
        }
        if (failure.getCause() instanceof MarkedYamlEngineException marked) {
            Place place = marked.getProblemMark().map(SyntaxProblem::place).orElse(place(reached));
            if (marked.getProblemMark().filter(SyntaxProblem::isVariable).isPresent()) {
                return new SyntaxProblem(
                        place,
                        "a '${' without quotes around it, between brackets",
                        "put the value in quotes: '${NAME}'");
            }
            return explain(marked.getProblem())
                    .map(found -> found.problem(marked, place))
                    .orElse(new SyntaxProblem(
                            place, "is not valid YAML", "check the indentation, the quotes and the brackets"));
        }
        return new SyntaxProblem(
                place(reached), "is YAML that is not accepted here", "write plain text as the key, and no tag (!name)");
    }

    private static Optional<Explanation> explain(@Nullable String said) {
        return EXPLANATIONS.stream()
                .filter(explanation -> said != null && said.contains(explanation.clue))
                .findFirst();
    }

    /** Between the brackets of a mapping or a list, YAML takes the brace of a variable for one of its own. */
    private static boolean isVariable(Mark brace) {
        int[] text = brace.getBuffer();
        int at = brace.getPointer();
        return at > 0 && at < text.length && text[at] == '{' && text[at - 1] == '$';
    }

    private static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1, NodePath.ROOT);
    }

    private static Place place(TokenStreamLocation location) {
        return location.getLineNr() < 1
                ? Place.DOCUMENT
                : new Place(location.getLineNr(), location.getColumnNr(), NodePath.ROOT);
    }

    void addTo(ProblemSink problems) {
        problems.add(place, message, hint);
    }
}
