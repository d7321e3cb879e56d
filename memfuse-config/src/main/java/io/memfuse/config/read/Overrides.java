package io.memfuse.config.read;

import io.memfuse.config.value.Nearest;
import io.memfuse.config.value.Problems;
import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.Node.Entry;
import io.memfuse.config.yaml.Node.Mapping;
import io.memfuse.config.yaml.Node.Nothing;
import io.memfuse.config.yaml.Node.Scalar;
import io.memfuse.config.yaml.Node.Sequence;
import io.memfuse.config.yaml.NodePath;
import io.memfuse.config.yaml.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables that override values of the file: {@code MEMFUSE__DATABASES__ORDERS__MAX_SIZE=30} is as if the file
 * had {@code databases.orders.max_size: 30}. They are put into the tree before it is read, so that whatever holds for the
 * file's values holds for them: ranges, problems, origins. Items of lists are numbered from 0.
 */
public final class Overrides {

    private static final String PREFIX = "MEMFUSE__";
    private static final String SEPARATOR = "__";

    /** What is below these paths has names of the user's: an override must not make one by a slip. */
    private static final Set<String> NAMED_BY_THE_FILE = Set.of("databases");

    private final Map<String, String> variables;
    private final Problems problems;

    private Overrides(Map<String, String> variables, Problems problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /** Returns the overrides among the variables of the environment. */
    public static Overrides of(Map<String, String> environment, Problems problems) {
        Map<String, String> variables = new TreeMap<>(environment);
        variables.keySet().removeIf(name -> !name.startsWith(PREFIX));
        return new Overrides(variables, problems);
    }

    /** Returns the tree with the overrides in it; those that fit nowhere are reported. */
    public Node over(Node root) {
        Node tree = root;
        if (root instanceof Mapping) {
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                List<String> steps = Arrays.asList(
                        variable.getKey().substring(PREFIX.length()).split(SEPARATOR, -1));
                tree = new Variable(variable.getKey(), variable.getValue()).over(tree, NodePath.ROOT, steps);
            }
        }
        return tree;
    }

    private final class Variable {

        private final String name;
        private final String value;

        Variable(String name, String value) {
            this.name = name;
            this.value = value;
        }

        /** Returns {@code node} with the value at the end of {@code steps}. */
        Node over(@Nullable Node node, NodePath path, List<String> steps) {
            if (steps.isEmpty()) {
                return new Scalar(Place.ofVariable(name, path), value);
            }
            if (node instanceof Sequence sequence) {
                return over(sequence, path, steps);
            }
            if (node instanceof Mapping mapping) {
                return over(mapping, path, steps);
            }
            if (node == null || node instanceof Nothing) {
                return over(new Mapping(Place.ofVariable(name, path), Map.of()), path, steps);
            }
            return refuse(node, path, "is " + node.kind(), "override it as a whole");
        }

        private Node over(Mapping mapping, NodePath path, List<String> steps) {
            String step = steps.get(0);
            List<String> matching = mapping.entries().keySet().stream()
                    .filter(key -> matches(step, key))
                    .toList();
            if (matching.size() > 1) {
                return refuse(
                        mapping, path, "'" + step + "' stands for " + String.join(" and ", matching), "rename one");
            }
            if (matching.isEmpty() && NAMED_BY_THE_FILE.contains(path.toString())) {
                return refuse(
                        mapping,
                        path,
                        "the file has nothing that '" + step + "' stands for",
                        Nearest.hint(step, mapping.entries().keySet()));
            }
            String key = matching.isEmpty() ? step.toLowerCase(Locale.ROOT) : matching.get(0);
            NodePath child = DatabaseReader.isSecret(key) ? path.child(key).close() : path.child(key);
            Entry old = mapping.entries().get(key);
            Node value = over(old == null ? null : old.value(), child, steps.subList(1, steps.size()));
            Map<String, Entry> entries = new LinkedHashMap<>(mapping.entries());
            entries.put(key, new Entry(old == null ? Place.ofVariable(name, child) : old.key(), value));
            return new Mapping(mapping.place(), entries);
        }

        private Node over(Sequence sequence, NodePath path, List<String> steps) {
            List<Node> items = new ArrayList<>(sequence.items());
            for (int i = 0; i < items.size(); i++) {
                if (steps.get(0).equals(Integer.toString(i))) {
                    items.set(i, over(items.get(i), path.item(i), steps.subList(1, steps.size())));
                    return new Sequence(sequence.place(), items);
                }
            }
            return refuse(
                    sequence,
                    path,
                    "'" + steps.get(0) + "' is not the number of an item",
                    items.isEmpty() ? "the list is empty" : "accepted: 0 to " + (items.size() - 1));
        }

        private Node refuse(Node node, NodePath path, String message, String hint) {
            problems.add(Place.ofVariable(name, path), message, hint);
            return node;
        }
    }

    /** Variables have capital letters, digits and underscores only. */
    private static boolean matches(String step, String key) {
        return step.equals(key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
    }
}
