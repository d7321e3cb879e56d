package io.memfuse.config;

import com.google.inject.Binder;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.multibindings.OptionalBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts one platform together in an injector of its own, as strict as Guice can be. Starts nothing. */
final class Assembly {

    private final MemFuseConfig config;
    private final Injector injector;

    Assembly(MemFuseConfig config, List<Module> modules) {
        this.config = config;
        List<Module> all = new ArrayList<>();
        all.add(Assembly::beStrict);
        all.add(new MemFuseModule(config));
        all.addAll(modules);
        this.injector = withoutWrapping(() -> Guice.createInjector(all));
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

    MemFuseConfig check() {
        Set<String> providers =
                withoutWrapping(() -> injector.getInstance(Providers.class)).names();
        Set<String> services =
                withoutWrapping(() -> injector.getInstance(Factories.class)).names();
        NameCheck.check(config, providers, services);
        return config;
    }

    MemFuse memfuse() {
        return withoutWrapping(() -> injector.getInstance(MemFuse.class));
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
