package io.memfuse.config.url;

import io.memfuse.config.kind.HostAndPort;
import io.memfuse.config.kind.HostsKind;
import io.memfuse.config.kind.TextRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a URL with their ports, wherever it has them: before the database, each with its port, or as the parameters
 * {@code host} and {@code port}. For one use.
 */
final class UrlHosts {

    private static final Pattern HOST_AND_PORT = Pattern.compile("(?<host>\\[[^\\]]*]|[^:]*)(?::(?<port>.*))?");

    private final BiConsumer<String, String> complain;
    private final List<String> hosts = new ArrayList<>();
    private final List<String> ports = new ArrayList<>();

    /** @param complain is told what is wrong, and what to do */
    UrlHosts(BiConsumer<String, String> complain) {
        this.complain = complain;
    }

    /** Takes what stands before the database: {@code host:port,host:port}. */
    void authority(String servers) {
        for (String server : servers.isEmpty() ? new String[0] : servers.split(",", -1)) {
            // A bracket that is opened and not closed would leave a port of what follows.
            boolean open = server.startsWith("[") && server.indexOf(']') < 0;
            Matcher matcher = HOST_AND_PORT.matcher(server);
            if (open || !matcher.matches()) {
                complain.accept("has a host that is not one", "write an IPv6 address in brackets: [::1]:5432");
                return;
            }
            String host = decoded("host", matcher.group("host"));
            String port = matcher.group("port") == null ? "" : decoded("port", matcher.group("port"));
            if (host == null || port == null) {
                return;
            }
            hosts.add(host);
            ports.add(port);
        }
        if (hosts.size() == 1 && hosts.get(0).isEmpty()) {
            hosts.clear();
        }
        if (ports.stream().allMatch(String::isEmpty)) {
            ports.clear();
        }
    }

    /** Takes the parameter {@code host}, which is decoded. */
    void hosts(@Nullable String parameter) {
        takeAll("host", parameter, hosts);
    }

    /** Takes the parameter {@code port}, which is decoded. */
    void ports(@Nullable String parameter) {
        takeAll("port", parameter, ports);
    }

    private void takeAll(String name, @Nullable String parameter, List<String> texts) {
        if (parameter != null && !texts.isEmpty()) {
            complain.accept("says twice what its " + name + " is", "remove one of the two");
        } else if (parameter != null) {
            texts.addAll(List.of(parameter.split(",", -1)));
        }
    }

    private @Nullable String decoded(String name, String encoded) {
        String text = PercentCode.decoded(encoded);
        if (text == null) {
            complain.accept("has a '%' that does not begin the code of a character in its " + name, "write it as %25");
        }
        return text;
    }

    /** Returns the port of all hosts that have none of their own; null if there is none. */
    @Nullable Integer port() {
        return ports.size() == 1 && hosts.size() != 1 ? port(ports.get(0)) : null;
    }

    /** Returns the hosts. */
    List<HostAndPort> all() {
        if (hosts.size() > HostsKind.MOST) {
            complain.accept("has " + hosts.size() + " hosts", HostsKind.MOST + " are accepted");
            return List.of();
        }
        if (ports.size() > 1 && ports.size() != hosts.size()) {
            complain.accept("has more ports than hosts, or fewer", "write one port for all, or one for each");
            return List.of();
        }
        List<HostAndPort> all = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            String complaint = TextRule.HOST.complaint().apply(hosts.get(i));
            if (complaint != null) {
                complain.accept("has a host that " + complaint, TextRule.HOST.hint());
                return List.of();
            }
            boolean hasOwn = hosts.size() == ports.size();
            all.add(new HostAndPort(hosts.get(i), hasOwn ? port(ports.get(i)) : null));
        }
        return all;
    }

    private @Nullable Integer port(String text) {
        Integer port = text.isEmpty() ? null : HostsKind.port(text);
        if (port == null && !text.isEmpty()) {
            complain.accept("has a port that is none", "accepted: " + HostsKind.PORTS.accepted());
        }
        return port;
    }
}
