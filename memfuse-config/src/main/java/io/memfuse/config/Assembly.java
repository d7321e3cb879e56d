package io.memfuse.config;

import com.google.inject.Binder;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.multibindings.OptionalBinder;
import com.google.inject.name.Names;
import io.memfuse.config.effective.EffectiveConfig;
import io.memfuse.config.platform.Factories;
import io.memfuse.config.platform.Providers;
import io.memfuse.config.platform.ReadingCheck;
import io.memfuse.config.read.Reading;
import io.memfuse.core.pool.PoolListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts one platform together in an injector of its own, as strict as Guice can be. Starts nothing. */
final class Assembly {

    private static final Key<MemFuse> MEMFUSE = Key.get(MemFuse.class);

    private final Reading reading;
    private final Injector injector;

    /** @param listeners who is told what happens to pools, beside whom a module binds */
    Assembly(Reading reading, List<Module> modules, List<PoolListener> listeners) {
        this.reading = reading;
        List<Module> all = new ArrayList<>();
        all.add(Assembly::beStrict);
        all.add(new PlatformModule(reading.config(), MEMFUSE, listeners));
        all.add(new DatabaseBindings(reading, MEMFUSE, Names::named));
        all.addAll(modules);
        try {
            this.injector = withoutWrapping(() -> Guice.createInjector(all));
        } catch (RuntimeException failure) {
            throw orProblems(failure);
        }
    }

    /** What is wrong with the file may be why the rest cannot be put together, and is the better answer. */
    private RuntimeException orProblems(RuntimeException failure) {
        try {
            reading.valid();
            return failure;
        } catch (ConfigException wrong) {
            wrong.addSuppressed(failure);
            return wrong;
        }
    }

    /** Returns a module that gives an optional binding of {@link MemFuseModule} its value. */
    static <T> Module binding(Class<T> type, T value) {
        return binder ->
                OptionalBinder.newOptionalBinder(binder, type).setBinding().toInstance(value);
    }

    private static void beStrict(Binder binder) {
        binder.requireExplicitBindings();
        binder.requireExactBindingAnnotations();
        binder.disableCircularProxies();
        binder.requireAtInjectOnConstructors();
    }

    /** @throws ConfigException if anything is wrong with the configuration; lists everything that is */
    MemFuseConfig check() {
        try {
            ReadingCheck.check(reading, get(Providers.class), () -> get(Factories.class));
        } catch (RuntimeException failure) {
            throw orProblems(failure);
        }
        return reading.valid();
    }

    /** @throws ConfigException if anything is wrong with the configuration; lists everything that is */
    List<EffectiveValue> effective() {
        return new EffectiveConfig(check(), get(Factories.class).all()).values();
    }

    /** @throws ConfigException if anything is wrong with the configuration; lists everything that is */
    MemFuse memfuse() {
        check();
        return get(MemFuse.class);
    }

    private <T> T get(Class<T> type) {
        return withoutWrapping(() -> injector.getInstance(type));
    }

    /** What users see is what went wrong, not that Guice was there when it did. */
    private static <T> T withoutWrapping(Supplier<T> step) {
        try {
            return step.get();
        } catch (ProvisionException | CreationException wrapped) {
            Throwable cause = rootOf(wrapped);
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw wrapped;
        }
    }

    private static @Nullable Throwable rootOf(RuntimeException wrapped) {
        Throwable cause = wrapped.getCause();
        while (cause instanceof ProvisionException || cause instanceof CreationException) {
            cause = cause.getCause();
        }
        return cause;
    }
}
