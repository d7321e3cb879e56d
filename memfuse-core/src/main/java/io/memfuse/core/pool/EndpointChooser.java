package io.memfuse.core.pool;

import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which of its endpoints the logins of a pool try, in which order, and for how long. For adapters, which connect to one endpoint
 * at a time. Endpoints that failed a moment ago are tried last, so that a host that is dead costs one login its time, and not
 * all. Thread-safe.
 */
public final class EndpointChooser {

    /** For how long a failure is held against an endpoint. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    /** Of the time of a login with a choice: what is left for telling what was tried. */
    private static final int MARGIN = 20;

    /** What every other endpoint would say too. */
    private static final Set<FailureKind> FINAL = EnumSet.of(FailureKind.BAD_CREDENTIALS, FailureKind.MISCONFIGURED);

    private final Endpoints endpoints;
    private final Ticker ticker;
    private final Map<Endpoint, Deadline> failedLately = new ConcurrentHashMap<>();

    public EndpointChooser(Endpoints endpoints, Ticker ticker) {
        this.endpoints = endpoints;
        this.ticker = ticker;
    }

    /**
     * What is to be tried.
     *
     * @param endpoint where to log in
     * @param target what the session has to be like
     * @param share how long it may take
     */
    public record Candidate(Endpoint endpoint, TargetSessionAttrs target, Duration share) {}

    private record Step(Endpoint endpoint, TargetSessionAttrs target) {}

    /** Begins a login, which may take so long. */
    public Search begin(Duration timeout) {
        return new Search(endpoints.isChoice() ? timeout.minus(timeout.dividedBy(MARGIN)) : timeout);
    }

    private List<Endpoint> inOrder() {
        List<Endpoint> order = new ArrayList<>(endpoints.all());
        if (endpoints.loadBalanced()) {
            Collections.shuffle(order);
        }
        List<Endpoint> last = order.stream().filter(this::failedLately).toList();
        order.removeAll(last);
        order.addAll(last);
        return order;
    }

    private boolean failedLately(Endpoint endpoint) {
        Deadline forgotten = failedLately.get(endpoint);
        return forgotten != null && !forgotten.hasPassed();
    }

    /** One login. For one thread at a time. */
    public final class Search {

        private final Deadline deadline;
        private final Queue<Step> steps = new ArrayDeque<>();
        private final Map<Endpoint, ConnectFailure> failures = new LinkedHashMap<>();

        private Search(Duration timeout) {
            this.deadline = Deadline.after(timeout, ticker);
            List<Endpoint> order = inOrder();
            order.forEach(endpoint -> steps.add(new Step(endpoint, endpoints.target())));
            if (endpoints.target() == TargetSessionAttrs.PREFER_STANDBY) {
                order.forEach(endpoint -> steps.add(new Step(endpoint, TargetSessionAttrs.ANY)));
            }
        }

        /**
         * Returns what is to be tried next: those that are left share the time that is left.
         *
         * @throws java.util.NoSuchElementException if nothing is left
         */
        public Candidate next() {
            Step step = steps.remove();
            Duration share = deadline.remaining().dividedBy(steps.size() + 1);
            return new Candidate(step.endpoint, step.target, share);
        }

        /** Notes that the login succeeded. */
        public void succeeded(Candidate candidate) {
            failedLately.remove(candidate.endpoint());
        }

        /** Notes a failure, and tells whether something is left to be tried. */
        public boolean goesOnAfter(Candidate candidate, ConnectFailure failure) {
            failedLately.put(candidate.endpoint(), Deadline.after(REMEMBERED, ticker));
            failures.put(candidate.endpoint(), failure);
            if (failure.kind() != FailureKind.WRONG_SESSION) {
                steps.removeIf(step -> step.endpoint.equals(candidate.endpoint()));
            }
            return !steps.isEmpty() && !FINAL.contains(failure.kind()) && !deadline.hasPassed();
        }

        /** Returns why there is no connection: what each endpoint said that was tried. */
        public ConnectFailure failure() {
            if (failures.size() == 1 && endpoints.all().size() == 1) {
                return failures.values().iterator().next();
            }
            String all = endpoints.all().stream()
                    .map(endpoint -> endpoint + ": "
                            + (failures.containsKey(endpoint)
                                    ? failures.get(endpoint).reason()
                                    : "not tried"))
                    .collect(Collectors.joining("; "));
            return new ConnectFailure(
                    kind(), "none of " + endpoints.all().size() + " hosts took the login (" + all + ")");
        }

        /** What is final stands for all; else what a server said rather than the network, for it is nearer to a success. */
        private FailureKind kind() {
            Set<FailureKind> kinds = EnumSet.noneOf(FailureKind.class);
            failures.values().forEach(failure -> kinds.add(failure.kind()));
            for (FailureKind last : FINAL) {
                if (kinds.contains(last)) {
                    return last;
                }
            }
            return kinds.stream()
                    .filter(FailureKind::retryable)
                    .reduce((one, other) -> other)
                    .orElseGet(() -> kinds.iterator().next());
        }
    }
}
