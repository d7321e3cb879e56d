package io.memfuse.config.kind;

import io.memfuse.config.Origin;
import io.memfuse.config.Origins;
import io.memfuse.config.secret.Interpolator;
import io.memfuse.config.secret.PasswordFile;
import io.memfuse.config.secret.Secrets;
import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.Node.Nothing;
import io.memfuse.config.yaml.Node.Refused;
import io.memfuse.config.yaml.Node.Scalar;
import io.memfuse.config.yaml.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the readers of all sections share while one file is read: its name, its problems, where its values come from. */
public final class Source {

    private final String file;
    private final Problems problems;
    private final Interpolator interpolator;
    private final Optional<PasswordFile> passwordFile;
    private final Map<String, Origin> origins = new LinkedHashMap<>();
    private final Set<String> databases = new LinkedHashSet<>();
    private final List<NameUse> names = new ArrayList<>();

    public Source(String file, Map<String, String> environment, Secrets secrets, Problems problems) {
        this.file = file;
        this.passwordFile = PasswordFile.in(environment);
        this.problems = problems;
        this.interpolator = new Interpolator(environment::get, secrets, problems);
    }

    public Problems problems() {
        return problems;
    }

    /** Returns the file with the passwords of databases that are given none; empty if there is none. */
    public Optional<PasswordFile> passwordFile() {
        return passwordFile;
    }

    /** Remembers that what {@code path} means was found where {@code other} was. */
    public void foundWith(String path, String other) {
        Origin origin = origins.get(other);
        if (origin != null) {
            origins.put(path, origin);
        }
    }

    /** Tells whether something was found at {@code path}. */
    public boolean has(String path) {
        return origins.containsKey(path);
    }

    public Origins origins() {
        return new Origins(origins);
    }

    /** Returns the names of the databases, whatever is wrong with these. */
    public Set<String> databases() {
        return databases;
    }

    /** Remembers the name of a database. */
    public void named(String database) {
        databases.add(database);
    }

    public List<NameUse> names() {
        return names;
    }

    /** Remembers a name that is checked later. */
    public void used(NameUse use) {
        names.add(use);
    }

    /** Remembers that something was found at {@code place}. */
    public void found(Place place, boolean environment) {
        found(place.path().toString(), place, environment);
    }

    /** Remembers that what {@code path} means was found at {@code place}. */
    public void found(String path, Place place, boolean environment) {
        String source = place.source() == null ? file : place.source();
        origins.put(path, new Origin(source, place.line(), place.column(), environment));
    }

    /** Returns the value that {@code node} is; empty if it is none, which is then reported. */
    public Optional<Value> value(Node node) {
        Optional<Value> value = expect(Scalar.class, node, "a single value").flatMap(interpolator::value);
        value.ifPresent(found -> found(found.place(), found.environment()));
        return value;
    }

    /** Returns {@code node} if it is of this type; empty if it is not, which is then reported. */
    public <N extends Node> Optional<N> expect(Class<N> type, Node node, String wanted) {
        if (type.isInstance(node)) {
            return Optional.of(type.cast(node));
        }
        if (node instanceof Refused) {
            problems.meetAgain();
        } else if (node instanceof Nothing) {
            problems.add(node.place(), "has no value", "expected " + wanted + "; or remove the key");
        } else {
            problems.add(node.place(), "is " + node.kind(), "expected " + wanted);
        }
        return Optional.empty();
    }
}
