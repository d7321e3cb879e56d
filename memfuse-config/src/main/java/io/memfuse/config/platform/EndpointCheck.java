package io.memfuse.config.platform;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.Origin;
import io.memfuse.config.Problem;
import io.memfuse.config.read.Reading;
import io.memfuse.config.yaml.Shown;
import java.util.List;
import java.util.Optional;

/** Finds databases whose provider cannot connect to where they are. */
public final class EndpointCheck {

    private final Reading reading;
    private final Providers providers;

    private EndpointCheck(Reading reading, Providers providers) {
        this.reading = reading;
        this.providers = providers;
    }

    /** Adds what it finds to the problems of what was read. */
    public static void check(Reading reading, Providers providers) {
        var check = new EndpointCheck(reading, providers);
        List<DatabaseConfig> named = reading.config().databases();
        List<DatabaseConfig> warmups = reading.config().connectionPool().warmupConfigs();
        boolean complete = reading.problems().met() == 0;
        named.forEach(database -> check.check("databases." + database.name(), database));
        // Where an entry was refused, the others do not have the numbers that they have in the file.
        for (int i = 0; i < warmups.size() && complete; i++) {
            if (!named.contains(warmups.get(i))) {
                check.check("connection_pool.warmup_configs[" + i + "]", warmups.get(i));
            }
        }
    }

    private void check(String path, DatabaseConfig database) {
        String provider = database.spec().provider();
        boolean connects = providers.all().stream()
                .filter(known -> known.name().equals(provider))
                .allMatch(known -> known.connectsTo(database.spec().endpoints()));
        if (connects) {
            return;
        }
        String quoted = Shown.quoted(provider);
        boolean socket = database.spec().endpoints().hasSocket();
        Origin origin = origin(path);
        reading.problems()
                .add(new Problem(
                        origin.file(),
                        origin.line(),
                        origin.column(),
                        path + ".host",
                        socket
                                ? "names a Unix-domain socket, to which the provider " + quoted + " does not connect"
                                : "the provider " + quoted + " connects to one host, whatever its sessions are like",
                        socket
                                ? "name the host and port on which the server listens too, such as localhost:5432, or a"
                                        + " provider that does, such as 'r2dbc'"
                                : "name one host and no target_session_attrs, or another provider"));
    }

    private Origin origin(String path) {
        return Optional.<Origin>empty()
                .or(() -> reading.config().origins().of(path + ".host"))
                .or(() -> reading.config().origins().of("defaults.host"))
                .or(() -> reading.config().origins().of(path))
                .orElse(new Origin("configuration", 0, 0, false));
    }
}
