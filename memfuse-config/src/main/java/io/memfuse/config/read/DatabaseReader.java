package io.memfuse.config.read;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.key.DatabaseDraft;
import io.memfuse.config.key.DatabaseKey;
import io.memfuse.config.key.DatabaseKeys;
import io.memfuse.config.kind.NameUse;
import io.memfuse.config.kind.Section;
import io.memfuse.config.kind.Source;
import io.memfuse.config.secret.PasswordFile;
import io.memfuse.config.url.PostgresUrl;
import io.memfuse.config.yaml.NodePath;
import io.memfuse.config.yaml.Place;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code defaults}, an entry of {@code databases}, or an entry of {@code warmup_configs} that is a database. */
public final class DatabaseReader {

    /** Read by code of their own: a name that is checked later, and pairs that bound each other. */
    private static final Set<DatabaseKey<?>> APART = Set.of(
            DatabaseKeys.PROVIDER,
            DatabaseKeys.MIN_SIZE,
            DatabaseKeys.MAX_SIZE,
            DatabaseKeys.SSL_MODE,
            DatabaseKeys.SSL_ROOT_CERT);

    private final Source source;

    public DatabaseReader(Source source) {
        this.source = source;
    }

    /** Tells whether the value of a key must not be shown. */
    public static boolean isSecret(String key) {
        return key.equals(DatabaseKeys.PASSWORD.name()) || key.equals(DatabaseKeys.URL.name());
    }

    /** Returns what every database inherits; what is wrong is reported, and as it is built in. */
    public DatabaseDraft defaults(Section section) {
        section.refuseUnknownKeys(DatabaseKeys.names(DatabaseKeys.INHERITED));
        var defaults = new DatabaseDraft();
        readKeys(section, DatabaseKeys.INHERITED, defaults);
        if (section.has(DatabaseKeys.PROVIDER.name())) {
            readProvider(section, defaults);
        }
        return defaults;
    }

    /**
     * Returns an entry of {@code databases}; empty if there is a problem with it, which is then reported.
     *
     * @param inherited what it does not set itself
     */
    public Optional<DatabaseDraft> database(Section entry, String name, DatabaseDraft inherited) {
        int before = source.problems().met();
        DatabaseDraft draft = read(entry, DatabaseKeys.OF_A_DATABASE, inherited);
        draft.name = name;
        addPassword(entry, draft, draft.database == null ? name : draft.database);
        return source.problems().met() > before ? Optional.empty() : Optional.of(draft);
    }

    /** As {@link #database} for an entry of {@code warmup_configs}. */
    public Optional<DatabaseConfig> warmup(Section entry, DatabaseDraft inherited) {
        int before = source.problems().met();
        DatabaseDraft draft = read(entry, DatabaseKeys.OF_AN_ENTRY, inherited);
        if (draft.database == null) {
            entry.require(DatabaseKeys.DATABASE.name());
        } else {
            addPassword(entry, draft, draft.database);
        }
        return source.problems().met() > before || draft.database == null
                ? Optional.empty()
                : Optional.of(draft.build(draft.database, true));
    }

    private DatabaseDraft read(Section entry, List<DatabaseKey<?>> keys, DatabaseDraft inherited) {
        entry.refuseUnknownKeys(DatabaseKeys.namesWithUrl(keys));
        DatabaseDraft draft = inherited.copy();
        entry.get(DatabaseKeys.URL).ifPresent(url -> readUrl(entry, url, draft));
        readKeys(entry, keys, draft);
        // One that defaults gives has been noted there, once.
        if (entry.has(DatabaseKeys.PROVIDER.name()) || !source.has("defaults." + DatabaseKeys.PROVIDER.name())) {
            readProvider(entry, draft);
        }
        return draft;
    }

    private void readUrl(Section entry, PostgresUrl url, DatabaseDraft draft) {
        String path = entry.place().path() + ".";
        for (String part : url.parts().keySet()) {
            source.foundWith(path + part, path + DatabaseKeys.URL.name());
            if (entry.has(part)) {
                source.problems().add(entry.placeOf(part), "is given by 'url' too", "keep one of the two");
            }
        }
        draft.take(url);
    }

    /** Looks for a password in the password file, if none is given. */
    private void addPassword(Section entry, DatabaseDraft draft, String database) {
        PasswordFile file = source.passwordFile().orElse(null);
        if (draft.password != null || file == null) {
            return;
        }
        List<PasswordFile.Login> logins = draft.hosts.stream()
                .map(server -> new PasswordFile.Login(server.plainHost(), draft.portOf(server), database, draft.user))
                .toList();
        List<PasswordFile.Match> matches =
                logins.stream().flatMap(login -> file.find(login).stream()).toList();
        if (matches.stream().map(PasswordFile.Match::password).distinct().count() > 1) {
            source.problems()
                    .add(
                            entry.placeOf(entry.has("host") ? "host" : DatabaseKeys.URL.name()),
                            "names several hosts, for which the password file has several passwords",
                            "a pool has one: give 'password'");
            return;
        }
        Optional<PasswordFile.Match> match = matches.stream().findFirst();
        draft.password =
                Secret.renewable(match.map(PasswordFile.Match::password).orElse(""), () -> file.findNow(logins));
        match.ifPresent(found -> {
            NodePath path = entry.place().path().child(DatabaseKeys.PASSWORD.name());
            source.found(new Place(file.path().toString(), found.line(), 1, path), false);
        });
    }

    private void readProvider(Section section, DatabaseDraft draft) {
        int before = section.problems().met();
        DatabaseKeys.PROVIDER.read(section, draft);
        if (section.problems().met() == before) {
            String path = section.place().path() + "." + DatabaseKeys.PROVIDER.name();
            source.used(new NameUse(NameUse.Kind.PROVIDER, path, draft.provider));
        }
    }

    private static void readKeys(Section section, List<DatabaseKey<?>> keys, DatabaseDraft draft) {
        keys.stream().filter(key -> !APART.contains(key)).forEach(key -> key.read(section, draft));
        readSizes(section, draft);
        readSsl(section, draft);
    }

    private static void readSizes(Section section, DatabaseDraft draft) {
        int before = section.problems().met();
        int minSize = section.get(DatabaseKeys.MIN_SIZE.key())
                .orElse(draft.settings.limits().minSize());
        int maxSize = section.get(DatabaseKeys.MAX_SIZE.key())
                .orElse(draft.settings.limits().maxSize());
        if (section.problems().met() > before) {
            return;
        }
        if (minSize <= maxSize) {
            draft.limits(limits -> limits.withSizes(minSize, maxSize));
        } else {
            addCrossed(section, minSize, maxSize);
        }
    }

    private static void readSsl(Section section, DatabaseDraft draft) {
        int before = section.problems().met();
        DatabaseKeys.SSL_MODE.read(section, draft);
        Optional<Optional<Path>> file = section.get(DatabaseKeys.SSL_ROOT_CERT.key());
        SslMode mode = draft.settings.ssl().mode();
        if (file.isEmpty() || section.problems().met() > before) {
            return;
        }
        if (mode.verifies()) {
            DatabaseKeys.SSL_ROOT_CERT.set().accept(draft, file.get());
        } else {
            section.problems()
                    .add(
                            section.placeOf(DatabaseKeys.SSL_ROOT_CERT.name()),
                            "is not looked at with ssl_mode " + mode,
                            "set ssl_mode to " + SslMode.VERIFY_CA + " or " + SslMode.VERIFY_FULL + ", or remove it");
        }
    }

    private static void addCrossed(Section section, int minSize, int maxSize) {
        String min = DatabaseKeys.MIN_SIZE.name();
        String max = DatabaseKeys.MAX_SIZE.name();
        if (section.has(max)) {
            String inherited = section.has(min) ? "" : " unless set here";
            section.problems()
                    .add(
                            section.placeOf(max),
                            maxSize + " is less than min_size, which is " + minSize + inherited,
                            "set both");
        } else {
            section.problems()
                    .add(
                            section.placeOf(min),
                            minSize + " is more than max_size, which is " + maxSize + " unless set here",
                            "set both");
        }
    }
}
