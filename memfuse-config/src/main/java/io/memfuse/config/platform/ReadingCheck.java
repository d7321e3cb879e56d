package io.memfuse.config.platform;

import io.memfuse.config.kind.NameUse;
import io.memfuse.config.read.Reading;
import java.util.function.Supplier;

/** Finds what can be wrong with a configuration only in the light of the providers and factories that there are. */
public final class ReadingCheck {

    private ReadingCheck() {}

    /**
     * Adds what it finds to the problems of what was read.
     *
     * @param factories asked for last: a factory may ask for a database
     */
    public static void check(Reading reading, Providers providers, Supplier<Factories> factories) {
        NameCheck.check(reading, NameUse.Kind.PROVIDER, providers.names());
        EndpointCheck.check(reading, providers);
        Factories all = factories.get();
        NameCheck.check(reading, NameUse.Kind.SERVICE, all.names());
        ServiceSettingsReader.read(reading, all);
    }
}
