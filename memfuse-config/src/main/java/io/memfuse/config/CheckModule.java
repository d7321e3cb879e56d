package io.memfuse.config;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.MembersInjector;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.TypeLiteral;
import com.google.inject.matcher.Matchers;
import com.google.inject.spi.Message;
import com.google.inject.spi.TypeEncounter;
import com.google.inject.spi.TypeListener;
import io.memfuse.config.platform.Factories;
import io.memfuse.config.platform.Providers;
import io.memfuse.config.platform.ReadingCheck;
import io.memfuse.config.read.Reading;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a configuration while the injector is made: as soon as there can be instances, and so before any singleton of the
 * application is made, which would fail by what is wrong here.
 */
final class CheckModule extends AbstractModule {

    private final Reading reading;
    private final Key<MemFuse> memfuse;

    CheckModule(Reading reading, Key<MemFuse> memfuse) {
        this.reading = reading;
        this.memfuse = memfuse;
    }

    /** What Guice is asked to inject, at that time. */
    private record Check(Reading reading, Provider<Providers> providers, Provider<Factories> factories) {

        void run() {
            RuntimeException other = null;
            try {
                ReadingCheck.check(reading, providers.get(), factories::get);
            } catch (RuntimeException failure) {
                other = failure; // What is wrong with the configuration may be the reason.
            }
            List<Message> messages = new ArrayList<>();
            for (Problem problem : reading.problems().inOrder()) {
                messages.add(new Message("[MemFuse/ConfigInvalid] " + problem));
            }
            if (other instanceof ProvisionException provision && !messages.isEmpty()) {
                messages.addAll(provision.getErrorMessages());
            } else if (other != null && messages.isEmpty()) {
                throw other;
            }
            if (!messages.isEmpty()) {
                throw new ProvisionException(messages);
            }
        }
    }

    // By a listener in place of a method with @Inject: that would need this package to be open to Guice.
    @Override
    protected void configure() {
        var check = new Check(
                reading, getProvider(memfuse.ofType(Providers.class)), getProvider(memfuse.ofType(Factories.class)));
        bindListener(Matchers.only(TypeLiteral.get(Check.class)), new TypeListener() {
            @Override
            public <I> void hear(TypeLiteral<I> type, TypeEncounter<I> encounter) {
                encounter.register((MembersInjector<I>) injected -> ((Check) injected).run());
            }
        });
        requestInjection(check);
    }
}
