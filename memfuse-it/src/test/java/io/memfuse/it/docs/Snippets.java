package io.memfuse.it.docs;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import io.memfuse.config.MemFuse;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.MemFuseModule;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.pool.hikari.HikariPoolProvider;
import io.memfuse.services.memory.MemoryService;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What stands in README.md between fences stands here between markers; {@code ReadmeIT} compares them, and runs these. */
final class Snippets {

    private Snippets() {}

    // A pool of a database, without YAML and without Guice.
    static String registry(String host, int port, String database, String password) throws Exception {
        // snippet: registry
        try (PoolRegistry registry =
                PoolRegistry.builder().provider(new HikariPoolProvider()).build()) {
            PoolSpec spec = PoolSpec.builder("hikari", database)
                    .host(host)
                    .port(port)
                    .user("postgres")
                    .password(Secret.of(password))
                    .build();
            PoolKey<DataSource> orders = registry.register(spec, DataSource.class); // opens nothing yet
            DataSource dataSource = registry.durable(orders); // keep it: it outlives its pools
            try (Connection connection = dataSource.getConnection()) {
                return nameOf(connection);
            }
        }
        // end
    }

    // One line, everything from the file.
    static String oneLine(Path file) throws Exception {
        // snippet: one-line
        try (MemFuse memfuse = MemFuse.start(file)) {
            try (Connection connection = memfuse.dataSource("orders").getConnection()) {
                connection.setReadOnly(true);
            }
            MemoryService memory = memfuse.services().get("alice", MemoryService.class);
            memory.append("user", "I prefer window seats", Map.of("channel", "chat"));
            return memory.recent(1).get(0).text();
        }
        // end
    }

    // Without a thread that waits.
    static Mono<String> reactive(MemFuse memfuse) {
        // snippet: reactive
        ConnectionFactory orders = memfuse.connectionFactory("orders"); // keep it: it outlives its pools
        Mono<String> database = Mono.usingWhen(
                orders.create(),
                connection -> Flux.from(connection
                                .createStatement("select current_database()")
                                .execute())
                        .flatMap(result -> result.map((row, metadata) -> row.get(0, String.class)))
                        .single(),
                io.r2dbc.spi.Connection::close);
        Mono<Greeting> greeting =
                Mono.fromCompletionStage(() -> memfuse.services().getAsync("alice", Greeting.class));
        return Mono.zip(database, greeting, (name, hello) -> hello.text() + " of " + name);
        // end
    }

    // Beside the modules of an application.
    static String injector(Path file) {
        // snippet: guice
        Injector injector = Guice.createInjector(new MemFuseModule(MemFuseConfig.load(file)), new GreetingModule());
        try (MemFuse memfuse = injector.getInstance(MemFuse.class).start()) {
            return memfuse.services().get("alice", Greeting.class).text();
        }
        // end
    }

    // snippet: service
    record Greeting(String text) {}

    static final class GreetingFactory implements ServiceFactory<Greeting> {

        @Override
        public String name() {
            return "greeting";
        }

        @Override
        public Class<Greeting> type() {
            return Greeting.class;
        }

        @Override
        public Greeting create(ServiceContext context) throws InterruptedException {
            MemoryService memory = context.service(MemoryService.class);
            boolean known = !memory.recent(1).isEmpty();
            return new Greeting((known ? "Welcome back, " : "Hello, ") + context.user());
        }
    }

    static final class GreetingModule extends AbstractModule {

        @Override
        protected void configure() {
            Multibinder.newSetBinder(binder(), new TypeLiteral<ServiceFactory<?>>() {})
                    .addBinding()
                    .toInstance(new GreetingFactory());
        }
    }
    // end

    private static String nameOf(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_database()")) {
            row.next();
            return row.getString(1);
        }
    }
}
