package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One host, or several with commas between them, of which each may have a port of its own. */
public enum HostsKind implements Kind.OfValue<List<HostAndPort>> {
    KIND;

    /** Ports of a TCP server. */
    public static final IntRange PORTS = new IntRange(1, 65_535);

    /** Hosts of one database: as many as anybody has, and few enough to be tried one after the other. */
    public static final int MOST = 16;

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?<host>\\[[^]]*]|[^:]*):(?<port>[^:]*)");

    /** Returns the port that a text is; null if it is none. */
    public static @Nullable Integer port(String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        return port >= PORTS.min() && port <= PORTS.max() ? port : null;
    }

    @Override
    public Optional<List<HostAndPort>> parse(Value value, Problems problems) {
        String[] texts = value.text().split(",", -1);
        if (texts.length == 1) {
            return TextRule.HOST.parse(value, problems).map(host -> List.of(new HostAndPort(host, null)));
        }
        String complaint = texts.length > MOST ? "has " + texts.length + " hosts, " + MOST + " are accepted" : null;
        List<HostAndPort> hosts = new ArrayList<>();
        for (int i = 0; i < texts.length && complaint == null; i++) {
            complaint = add(texts[i].strip(), hosts);
        }
        if (complaint != null) {
            problems.add(value.place(), complaint, "accepted: " + accepted());
            return Optional.empty();
        }
        return Optional.of(List.copyOf(hosts));
    }

    /** Returns what is wrong with it; null if nothing is, and it was added. */
    private static @Nullable String add(String text, List<HostAndPort> hosts) {
        Matcher matcher = HOST_AND_PORT.matcher(text);
        boolean hasPort = matcher.matches();
        String host = hasPort ? matcher.group("host") : text;
        Integer port = hasPort ? port(matcher.group("port")) : null;
        if (hasPort && port == null) {
            return "has a port that is none";
        }
        String complaint = TextRule.HOST.complaint().apply(host);
        if (complaint != null) {
            return "has a host that " + complaint;
        }
        hosts.add(new HostAndPort(host, port));
        return null;
    }

    @Override
    public String show(List<HostAndPort> value) {
        return Shown.line(HostAndPort.text(value));
    }

    @Override
    public String accepted() {
        return "name or address, or directory of a Unix-domain socket; several as `db1,db2:5433,[::1]`";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.text();
    }
}
