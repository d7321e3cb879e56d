package io.memfuse.config.yaml;

import java.util.List;
import java.util.Map;

/** One node of a document. Immutable; its {@code toString} shows where it is, never what it says. */
public sealed interface Node {

    /** Returns where the node begins. */
    Place place();

    /** Returns what kind of node it is, for a message: {@code a list}. */
    String kind();

    /** Keys with values, in the order of the document. */
    record Mapping(Place place, Map<String, Entry> entries) implements Node {

        @Override
        public String kind() {
            return "a mapping";
        }

        @Override
        public String toString() {
            return kind() + " at " + place;
        }
    }

    /** A key's place and its value. */
    record Entry(Place key, Node value) {}

    /** A list. */
    record Sequence(Place place, List<Node> items) implements Node {

        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public String toString() {
            return kind() + " at " + place;
        }
    }

    /** Text, a number, a truth value: whatever it is, as it was written. */
    record Scalar(Place place, String text) implements Node {

        @Override
        public String kind() {
            return "a single value";
        }

        @Override
        public String toString() {
            return kind() + " at " + place;
        }
    }

    /** A key without a value, or a {@code null}. */
    record Nothing(Place place) implements Node {

        @Override
        public String kind() {
            return "nothing";
        }
    }

    /** Something that the reader refused and has reported: whoever meets it has nothing more to say. */
    record Refused(Place place) implements Node {

        @Override
        public String kind() {
            return "something refused";
        }
    }
}
