package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.Endpoint;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Has the JDK know the addresses of a name before the driver asks for them: the driver does that on an event loop, which may not
 * wait for a name server. Where the JDK is told to remember no addresses, it is asked twice. Thread-safe.
 *
 * <p>A look-up cannot be interrupted, and while it goes on a virtual thread would keep its carrier; so it is done on Reactor's threads
 * for what blocks, and all logins to one host wait for one look-up: a name server that is silent holds one thread for each name.
 */
final class HostLookUps {

    private static final ConcurrentMap<String, Mono<Void>> UNDER_WAY = new ConcurrentHashMap<>();

    private HostLookUps() {}

    /** Completes when the addresses are known; fails with {@link java.net.UnknownHostException} if there are none. */
    static Mono<Void> of(Endpoint endpoint) {
        if (endpoint.isSocket()
                || NetUtil.isValidIpV4Address(endpoint.host())
                || NetUtil.isValidIpV6Address(endpoint.host())) {
            return Mono.empty();
        }
        return UNDER_WAY.computeIfAbsent(endpoint.host(), HostLookUps::lookUp);
    }

    /** Goes on for the others when one who waits for it cancels. */
    private static Mono<Void> lookUp(String host) {
        return Mono.fromCallable(() -> InetAddress.getAllByName(host))
                .subscribeOn(Schedulers.boundedElastic())
                .doFinally(end -> UNDER_WAY.remove(host))
                .then()
                .cache();
    }
}
