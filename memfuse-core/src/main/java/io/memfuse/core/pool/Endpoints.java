package io.memfuse.core.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Where a database is: on one server, or on several that stand in for each other. A login tries them one after the other and takes
 * the first that lets it in and is what is wanted. Immutable and thread-safe; two spellings of the same are equal.
 *
 * @param all the endpoints, each once, in the order in which they are tried; in an order of their own if the load is balanced
 * @param target what a session has to be like
 * @param loadBalanced whether they are tried in random order; never if there is only one
 */
public record Endpoints(List<Endpoint> all, TargetSessionAttrs target, boolean loadBalanced) {

    /** @throws IllegalArgumentException if there is no endpoint */
    public Endpoints {
        Objects.requireNonNull(target, "target");
        List<Endpoint> distinct = new ArrayList<>(new LinkedHashSet<>(all));
        if (distinct.isEmpty()) {
            throw new IllegalArgumentException("there is no endpoint");
        }
        loadBalanced &= distinct.size() > 1;
        if (loadBalanced) {
            distinct.sort(Comparator.comparing(Endpoint::toString));
        }
        all = List.copyOf(distinct);
    }

    /**
     * Returns one endpoint, whatever its sessions are like.
     *
     * @throws IllegalArgumentException if the host is blank or the port out of range
     */
    public static Endpoints of(String host, int port) {
        return new Endpoints(List.of(new Endpoint(host, port)), TargetSessionAttrs.ANY, false);
    }

    /** Returns the first. */
    public Endpoint first() {
        return all.get(0);
    }

    /** Tells whether there are several, or a session has to be something special. */
    public boolean isChoice() {
        return all.size() > 1 || target != TargetSessionAttrs.ANY;
    }

    /** Tells whether one of them is a Unix-domain socket. */
    public boolean hasSocket() {
        return all.stream().anyMatch(Endpoint::isSocket);
    }

    /** Returns how they are chosen from, as the parameters of a URL; nothing if they are taken as they come. */
    String parameters() {
        List<String> parameters = new ArrayList<>();
        if (target != TargetSessionAttrs.ANY) {
            parameters.add("target_session_attrs=" + target);
        }
        if (loadBalanced) {
            parameters.add("load_balance_hosts=random");
        }
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    /** Returns {@code host:port,host:port}. */
    @Override
    public String toString() {
        return all.stream().map(Endpoint::toString).collect(Collectors.joining(","));
    }
}
