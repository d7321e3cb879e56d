package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.testing.FakePoolProvider;
import org.junit.jupiter.api.Test;

class MemFuseModuleTest {

    private final FakePoolProvider provider = new FakePoolProvider();
    private final MemFuseConfig config = Yaml.read("""
            connection_pool:
              warmup_configs:
                - {provider: fake, database: orders}
              precache_configs:
                - {user: alice, services: [greeting]}
            """);

    /** Something of the application that a service needs. */
    static final class Greeter {

        String greet(String user) {
            return "hello " + user;
        }
    }

    /** A service of the application. */
    record Greeting(String text) {}

    /** Makes it out of what the application's injector has, and of what the platform has. */
    static final class GreetingFactory implements ServiceFactory<Greeting> {

        private final Greeter greeter;
        private final PoolRegistry registry;

        @Inject
        GreetingFactory(Greeter greeter, PoolRegistry registry) {
            this.greeter = greeter;
            this.registry = registry;
        }

        @Override
        public String name() {
            return "greeting";
        }

        @Override
        public Class<Greeting> type() {
            return Greeting.class;
        }

        @Override
        public Greeting create(ServiceContext context) {
            assertThat(registry.snapshot().pools()).hasSize(1);
            return new Greeting(greeter.greet(context.user()));
        }
    }

    private final class Application extends AbstractModule {

        @Override
        protected void configure() {
            bind(Greeter.class).toInstance(new Greeter());
            bind(GreetingFactory.class);
            Multibinder.newSetBinder(binder(), new TypeLiteral<PoolProvider<?>>() {})
                    .addBinding()
                    .toInstance(provider);
            Multibinder.newSetBinder(binder(), new TypeLiteral<ServiceFactory<?>>() {})
                    .addBinding()
                    .to(GreetingFactory.class);
        }
    }

    @Test
    void livesInTheInjectorOfAnApplication() {
        Injector injector = Guice.createInjector(new MemFuseModule(config), new Application());

        try (MemFuse memfuse = injector.getInstance(MemFuse.class).start()) {
            assertThat(memfuse.report().allWell()).isTrue();
            assertThat(memfuse.services().get("bob", Greeting.class)).isEqualTo(new Greeting("hello bob"));
            assertThat(injector.getInstance(MemFuse.class)).isSameAs(memfuse);
            assertThat(injector.getInstance(PoolRegistry.class)).isSameAs(memfuse.registry());
            assertThat(injector.getInstance(ServiceCache.class)).isSameAs(memfuse.services());
            assertThat(injector.getInstance(MemFuseConfig.class)).isSameAs(config);
        }
    }

    @Test
    void startsNothingWithTheInjector() {
        Injector injector = Guice.createInjector(Stage.PRODUCTION, new MemFuseModule(config), new Application());

        assertThat(provider.attempts()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("memfuse-"));
        injector.getInstance(MemFuse.class).close();
    }

    @Test
    void hasNoReportBeforeTheStart() {
        try (MemFuse memfuse = Guice.createInjector(new MemFuseModule(config), new Application())
                .getInstance(MemFuse.class)) {
            assertThatThrownBy(memfuse::report).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void saysWhatIsWrongWithTheConfiguration() {
        MemFuseConfig unknown = Yaml.read("connection_pool: {warmup_configs: [{provider: none, database: a}]}");
        Injector injector = Guice.createInjector(new MemFuseModule(unknown), new Application());

        assertThatThrownBy(() -> injector.getInstance(MemFuse.class))
                .isInstanceOf(ProvisionException.class)
                .cause()
                .isInstanceOf(ConfigException.class);
    }
}
