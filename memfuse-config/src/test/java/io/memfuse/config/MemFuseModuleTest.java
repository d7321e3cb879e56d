package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import com.google.inject.name.Named;
import com.google.inject.name.Names;
import com.google.inject.spi.Message;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        MemFuseConfig watched = Yaml.read("""
                connection_pool:
                  pool_idle_timeout: 1m
                  max_open_pools: 10
                  warmup_configs:
                    - {provider: fake, database: orders}
                  precache_configs:
                    - {user: alice, services: [greeting]}
                """);
        Injector injector = Guice.createInjector(
                Stage.PRODUCTION, new MemFuseModule(watched), new Application(), new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(Consumer.class).asEagerSingleton();
                    }
                });

        assertThat(provider.attempts()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("memfuse-"));
        injector.getInstance(MemFuse.class).close();
    }

    /** Keeps a database. */
    static final class Consumer {

        private final Resource orders;

        @Inject
        Consumer(@Named("orders") Resource orders) {
            this.orders = orders;
        }
    }

    @Test
    void hasNoReportBeforeTheStart() {
        try (MemFuse memfuse = Guice.createInjector(new MemFuseModule(config), new Application())
                .getInstance(MemFuse.class)) {
            assertThatThrownBy(memfuse::report).isInstanceOf(IllegalStateException.class);
        }
    }

    /** As strict as Guice can be. */
    private static void beStrict(Binder binder) {
        binder.requireExplicitBindings();
        binder.requireExactBindingAnnotations();
        binder.disableCircularProxies();
        binder.requireAtInjectOnConstructors();
    }

    private static Key<Resource> named(String name) {
        return Key.get(Resource.class, Names.named(name));
    }

    @Nested
    class NamedDatabases {

        @Test
        void areWhatTheirProviderOffersAndMayBeInjectedBeforeTheStart() {
            Injector injector = Guice.createInjector(
                    new MemFuseModule(config),
                    new Application(),
                    MemFuseModuleTest::beStrict,
                    binder -> binder.bind(Consumer.class));
            Resource orders = injector.getInstance(Consumer.class).orders;

            try (MemFuse memfuse = injector.getInstance(MemFuse.class).start()) {
                assertThat(orders).isSameAs(memfuse.resource("orders", Resource.class));
                assertThat(orders.use()).isEqualTo(1);
            }
        }

        @Test
        void followAReload() {
            Injector injector = Guice.createInjector(new MemFuseModule(config), new Application());
            Resource orders = injector.getInstance(named("orders"));

            try (MemFuse memfuse = injector.getInstance(MemFuse.class).start()) {
                memfuse.reload(Yaml.read("databases: {orders: {provider: fake, database: orders2}}"));
                assertThat(orders.use()).isEqualTo(2);
                assertThat(injector.getInstance(named("orders"))).isSameAs(orders);
            }
        }

        @Test
        void areThereForAFactoryOfTheApplication() {
            Injector injector = Guice.createInjector(
                    new MemFuseModule(config), new Application(), MemFuseModuleTest::beStrict, binder -> {
                        binder.bind(OrdersFactory.class);
                        Multibinder.newSetBinder(binder, new TypeLiteral<ServiceFactory<?>>() {})
                                .addBinding()
                                .to(OrdersFactory.class);
                    });

            try (MemFuse memfuse = injector.getInstance(MemFuse.class).start()) {
                assertThat(memfuse.services().get("bob", Orders.class).uses()).isEqualTo(1);
            }
        }

        @Test
        void haveNoOtherType() {
            MemFuseConfig found = Yaml.read("databases: {orders: {provider: found}}");
            Injector injector = Guice.createInjector(new MemFuseModule(found));

            assertThat(injector.getExistingBinding(named("orders"))).isNotNull();
            assertThat(injector.getExistingBinding(Key.get(DataSource.class, Names.named("orders"))))
                    .isNull();
        }

        @Test
        void ofABoundProviderRefuseToBeWhatTheyAreNot() {
            Injector injector = Guice.createInjector(new MemFuseModule(config), new Application());

            assertThatThrownBy(() -> injector.getInstance(Key.get(DataSource.class, Names.named("orders"))))
                    .isInstanceOf(ProvisionException.class)
                    .cause()
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("not a javax.sql.DataSource");
        }
    }

    /** A service of the application. */
    record Orders(int uses) {}

    /** Keeps a database that it was given. */
    static final class OrdersFactory implements ServiceFactory<Orders> {

        private final Resource orders;

        @Inject
        OrdersFactory(@Named("orders") Resource orders) {
            this.orders = orders;
        }

        @Override
        public String name() {
            return "orders";
        }

        @Override
        public Class<Orders> type() {
            return Orders.class;
        }

        @Override
        public Orders create(ServiceContext context) {
            return new Orders(orders.use());
        }
    }

    @Nested
    class TwoPlatforms {

        private static final Named EU = Names.named("eu");
        private static final Named US = Names.named("us");

        private final FakePoolProvider ofUs = new FakePoolProvider();

        /** For both platforms, and a provider for one of them. */
        private Module application() {
            return binder -> {
                Multibinder.newSetBinder(binder, new TypeLiteral<PoolProvider<?>>() {})
                        .addBinding()
                        .toInstance(provider);
                Multibinder.newSetBinder(binder, new TypeLiteral<PoolProvider<?>>() {}, US)
                        .addBinding()
                        .toInstance(ofUs);
            };
        }

        private MemFuseModule module(Named annotation) {
            return new MemFuseModule(config(annotation)).annotatedWith(annotation);
        }

        private MemFuseConfig config(Named annotation) {
            String name = annotation.value();
            return Yaml.read("""
                    databases:
                      orders: {provider: fake, database: orders_%s}
                      %s: {provider: fake}
                    connection_pool: {warmup_configs: [orders]}
                    """.formatted(name, name));
        }

        @Test
        void liveInOneInjector() {
            Injector injector = Guice.createInjector(
                    application(),
                    MemFuseModuleTest::beStrict,
                    module(EU).databasesAnnotatedWith(name -> Names.named("eu/" + name)),
                    module(US).databasesAnnotatedWith(name -> Names.named("us/" + name)));

            try (MemFuse eu = injector.getInstance(Key.get(MemFuse.class, EU)).start();
                    MemFuse us =
                            injector.getInstance(Key.get(MemFuse.class, US)).start()) {
                assertThat(provider.pools())
                        .extracting(pool -> pool.spec().database())
                        .containsExactly("orders_eu");
                assertThat(ofUs.pools())
                        .as("what is bound for one platform goes before what is bound for all")
                        .extracting(pool -> pool.spec().database())
                        .containsExactly("orders_us");
                assertThat(injector.getInstance(named("eu/orders"))).isSameAs(eu.resource("orders", Resource.class));
                assertThat(injector.getInstance(named("us/orders"))).isSameAs(us.resource("orders", Resource.class));
                assertThat(injector.getInstance(Key.get(PoolRegistry.class, EU)))
                        .isSameAs(eu.registry())
                        .isNotSameAs(us.registry());
                assertThat(injector.getInstance(Key.get(ServiceCache.class, US)))
                        .isSameAs(us.services());
                assertThat(injector.getInstance(Key.get(MemFuseConfig.class, US))
                                .databases())
                        .extracting(DatabaseConfig::name)
                        .containsExactly("orders", "us");
            }
        }

        @Test
        void mayBeBesideOneWithoutAnAnnotation() {
            Injector injector = Guice.createInjector(
                    application(),
                    MemFuseModuleTest::beStrict,
                    new MemFuseModule(config(US)),
                    module(EU).databasesAnnotatedWith(name -> Names.named("eu/" + name)));

            try (MemFuse plain = injector.getInstance(MemFuse.class).start();
                    MemFuse eu = injector.getInstance(Key.get(MemFuse.class, EU))) {
                assertThat(injector.getInstance(named("orders"))).isSameAs(plain.resource("orders", Resource.class));
                assertThat(injector.getInstance(named("eu/orders"))).isSameAs(eu.resource("orders", Resource.class));
            }
        }

        @Test
        void areToldOfTheirOwnPools() {
            var opened = new ArrayList<String>();
            var openedInEu = new ArrayList<String>();
            Injector injector = Guice.createInjector(
                    application(),
                    binder -> {
                        OptionalBinder.newOptionalBinder(binder, PoolListener.class)
                                .setBinding()
                                .toInstance(listener(opened));
                        OptionalBinder.newOptionalBinder(binder, Key.get(PoolListener.class, EU))
                                .setBinding()
                                .toInstance(listener(openedInEu));
                    },
                    module(EU).databasesAnnotatedWith(name -> Names.named("eu/" + name)),
                    module(US).databasesAnnotatedWith(name -> Names.named("us/" + name)));
            injector.getInstance(Key.get(MemFuse.class, EU)).start().close();
            injector.getInstance(Key.get(MemFuse.class, US)).start().close();

            assertThat(openedInEu).containsExactly("orders_eu");
            assertThat(opened).containsExactly("orders_us");
        }

        private static PoolListener listener(List<String> opened) {
            return new PoolListener() {
                @Override
                public void opened(PoolKey<?> pool, long tookNanos) {
                    opened.add(pool.database());
                }
            };
        }

        @Test
        void withDatabasesOfOneNameAreToldWhichTheseAre() {
            assertThatThrownBy(() -> Guice.createInjector(application(), module(EU), module(US)))
                    .isInstanceOf(CreationException.class)
                    .hasMessageContaining(
                            "database 'orders' (memfuse.yaml:2:11) of the platform annotated with @Named(\"eu\")")
                    .hasMessageContaining(
                            "database 'orders' (memfuse.yaml:2:11) of the platform annotated with @Named(\"us\")");
        }

        @Test
        void sayWhatIsWrongWithBoth() {
            MemFuseConfig unknown = Yaml.read("databases: {a: {provider: none}}");

            assertThat(messages(
                            application(),
                            new MemFuseModule(unknown).annotatedWith(EU),
                            new MemFuseModule(unknown)
                                    .annotatedWith(US)
                                    .databasesAnnotatedWith(name -> Names.named("us/" + name))))
                    .hasSize(2);
        }
    }

    @Nested
    class WhatIsWrong {

        @TempDir
        private Path folder;

        private Path file(String text) throws IOException {
            return Files.writeString(folder.resolve("memfuse.yaml"), text);
        }

        @Test
        void isInOneExceptionInOurWords() throws IOException {
            Path file = file("""
                    databases:
                      orders: {provider: fakee, prot: 5432}
                      stock: {provider: 7, min_size: many}
                    connection_pool:
                      precache_configs:
                        - {user: alice, services: [greetings]}
                    services: {note: {lines: 1000}}
                    """);

            assertThat(messages(
                            new MemFuseModule(file),
                            new Application(),
                            binder -> binder.bind(Consumer.class).asEagerSingleton()))
                    .map(message -> message.replace(file.toString(), "memfuse.yaml"))
                    .containsExactlyInAnyOrder(
                            "[MemFuse/ConfigInvalid] memfuse.yaml:2:22: databases.orders.provider: no provider is named"
                                    + " 'fakee'; did you mean 'fake'?",
                            "[MemFuse/ConfigInvalid] memfuse.yaml:2:29: databases.orders.prot: unknown key; did you mean"
                                    + " 'port'?",
                            "[MemFuse/ConfigInvalid] memfuse.yaml:3:21: databases.stock.provider: no provider is named"
                                    + " '7'; known: fake, found; correct the name, or add the module that has it",
                            "[MemFuse/ConfigInvalid] memfuse.yaml:3:34: databases.stock.min_size: 'many' is not a whole"
                                    + " number; accepted: 0 to 10000",
                            "[MemFuse/ConfigInvalid] memfuse.yaml:6:32: connection_pool.precache_configs[0].services[0]:"
                                    + " no service is named 'greetings'; did you mean 'greeting'?",
                            "[MemFuse/ConfigInvalid] memfuse.yaml:7:26: services.note.lines: '1000' is out of range;"
                                    + " accepted: 1 to 100");
        }

        @Test
        void isSaidWithoutAStackAndBeforeTheApplicationFailsByIt() throws IOException {
            Path file = file("databases: {orders: {provider: none}}");

            assertThatThrownBy(() -> Guice.createInjector(
                            Stage.PRODUCTION,
                            new MemFuseModule(file),
                            new Application(),
                            binder -> binder.bind(Consumer.class).asEagerSingleton()))
                    .isInstanceOfSatisfying(
                            CreationException.class,
                            e -> assertThat(e.getErrorMessages()).hasSize(1))
                    .hasNoCause()
                    .hasMessageContaining("no provider is named 'none'")
                    .hasMessageNotContaining("\tat ")
                    .hasMessageNotContaining("Exception");
        }

        @Test
        void isSaidOfAFileThatIsNotThere() {
            assertThat(messages(new MemFuseModule(folder.resolve("none.yaml"))))
                    .singleElement()
                    .asString()
                    .contains("none.yaml: there is no such file");
        }

        @Test
        void isSaidBesideTheFailureOfAFactory() throws IOException {
            Path file = file("databases: {orders: {provider: none}}");

            assertThat(messages(
                            new MemFuseModule(file),
                            binder -> Multibinder.newSetBinder(binder, new TypeLiteral<ServiceFactory<?>>() {})
                                    .addBinding()
                                    .toProvider(() -> {
                                        throw new IllegalStateException("no greeter");
                                    })))
                    .hasSize(2)
                    .anyMatch(message -> message.contains("no provider is named 'none'"))
                    .anyMatch(message -> message.contains("no greeter"));
        }

        @Test
        void doesNotKeepTheFactoriesOutOfThePlatformWhenNothingIs() {
            Module broken = binder -> Multibinder.newSetBinder(binder, new TypeLiteral<ServiceFactory<?>>() {})
                    .addBinding()
                    .toProvider(() -> {
                        throw new IllegalStateException("no greeter");
                    });

            assertThat(messages(new MemFuseModule(config), new Application(), broken))
                    .singleElement()
                    .asString()
                    .contains("no greeter");
        }
    }

    private static List<String> messages(Module... modules) {
        var failure = catchThrowableOfType(CreationException.class, () -> Guice.createInjector(modules));
        assertThat(failure).as("an exception").isNotNull();
        return failure.getErrorMessages().stream().map(Message::getMessage).toList();
    }
}
