package io.memfuse.it.pool;

import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.PoolOpenException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** A program that borrows one connection of the database of a file, and says why it gets none. */
final class ReactiveBorrower {

    private ReactiveBorrower() {}

    public static void main(String[] arguments) throws Exception {
        Throwable failure;
        long tookNanos;
        try (MemFuse memfuse = MemFuse.start(Path.of(arguments[0]))) {
            long startNanos = System.nanoTime();
            failure = Objects.requireNonNull(
                    Mono.from(memfuse.connectionFactory(arguments[1]).create())
                            .flatMap(connection -> Mono.from(connection.close()))
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Mono::just)
                            .block(Duration.ofSeconds(20)),
                    "it was served");
            tookNanos = System.nanoTime() - startNanos;
        }
        System.out.println(failure);
        if (failure.getCause() instanceof PoolOpenException open) {
            System.out.println("kind " + open.kind() + ", retryable " + open.retryable() + ", in time "
                    + (tookNanos < Duration.ofSeconds(3).toNanos()) + ", threads left " + threadsLeft());
        }
    }

    /** Those of the platform that do not end after it was closed. */
    private static Set<String> threadsLeft() throws InterruptedException {
        for (Thread thread : threads()) {
            thread.join(Duration.ofSeconds(5).toMillis());
        }
        return threads().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("memfuse"))
                .collect(Collectors.toSet());
    }
}
