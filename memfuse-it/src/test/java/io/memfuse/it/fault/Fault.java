package io.memfuse.it.fault;

import static io.memfuse.it.fault.Expectation.expect;

import io.memfuse.it.fault.Network.Direction;
import io.memfuse.it.fault.Network.Phase;
import java.time.Duration;
import java.util.function.Consumer;

/** The faults of the campaign: how each is made and healed, what callers are told, and how soon all is well again. */
@SuppressWarnings("ImmutableEnumChecker") // What its constants do keeps nothing.
enum Fault {
    KILLED(
            "server killed (-9), and started again",
            expect().told("PoolOpenException (UNREACHABLE|NO_ANSWER)"),
            scene -> scene.server().kill(),
            scene -> scene.server().restart()),
    STOPPED(
            "server stopped (SIGSTOP), and continued",
            expect().silent(),
            scene -> scene.server().stop(),
            scene -> scene.server().proceed()),
    ALL_TERMINATED("all backends terminated", expect().once(), scene -> scene.terminate("true"), scene -> {}),
    ONE_TERMINATED(
            "one backend terminated in the middle of a transaction",
            expect().once(),
            scene -> {
                scene.beforeEachWrite("PERFORM pg_sleep(0.3)");
                sleep(Duration.ofMillis(500));
                scene.terminate(
                        "pid = (SELECT min(pid) FROM pg_stat_activity WHERE usename = 'campaign' AND state <> 'idle')");
                scene.nothingBeforeWrites();
            },
            scene -> {}),
    RESET(
            "all connections reset",
            expect().share().once(),
            scene -> scene.proxy().reset(),
            scene -> {}),
    HALF_CLOSED(
            "all connections half closed",
            expect().once(),
            scene -> scene.proxy().halfClose(Direction.TO_CLIENT),
            scene -> scene.proxy().reset()),
    CUT(
            "each connection cut in the middle of an answer",
            expect(),
            scene -> scene.proxy().be(Network.cutting(3, false)),
            scene -> scene.proxy().heal()),
    NOBODY_ACCEPTS(
            "black hole while connecting",
            expect().told("PoolOpenException NO_ANSWER"),
            scene -> {
                scene.proxy().be(Network.blackHole(Phase.CONNECT));
                scene.proxy().reset();
            },
            scene -> scene.proxy().heal()),
    NO_LOGIN(
            "black hole during the login",
            expect().share().told("PoolOpenException NO_ANSWER"),
            scene -> {
                scene.proxy().be(Network.blackHole(Phase.LOGIN));
                scene.proxy().reset();
            },
            scene -> scene.proxy().heal()),
    NO_ANSWER(
            "black hole during a query",
            expect().silent(),
            scene -> scene.proxy().be(Network.blackHole(Phase.SESSION)),
            scene -> {
                scene.proxy().heal();
                scene.proxy().forget();
            }),
    NO_VALIDATION(
            "black hole during the validation",
            expect().serves(),
            scene -> {
                scene.struck().forEach(load -> load.pause(Scene.TIMEOUT));
                scene.proxy().be(Network.blackHole(Phase.VALIDATION));
                sleep(Duration.ofSeconds(1)); // So long nobody borrows, and connections are validated.
                scene.struck().forEach(Load::proceed);
            },
            scene -> {
                scene.proxy().heal();
                scene.proxy().forget();
            }),
    NO_FAREWELL(
            "black hole while closing",
            expect().serves(),
            scene -> {
                scene.proxy().be(Network.blackHole(Phase.CLOSE));
                scene.evict();
            },
            scene -> {
                scene.proxy().heal();
                scene.proxy().forget();
            }),
    REFUSED(
            "connections reset and refused",
            expect().told("PoolOpenException UNREACHABLE"),
            scene -> {
                scene.proxy().refuse();
                scene.proxy().reset();
            },
            scene -> scene.proxy().heal()),
    STALLED(
            "network stalled, and continued",
            expect(),
            scene -> scene.proxy().be(Network.stalled()),
            scene -> scene.proxy().heal()),
    LATE(
            "each packet 50 ms late",
            expect().serves(),
            scene -> scene.proxy().be(Network.late(Duration.ofMillis(50))),
            scene -> scene.proxy().heal()),
    SLOW(
            "200 bytes a second",
            expect().serves(),
            scene -> scene.proxy().be(Network.slow(200)),
            scene -> scene.proxy().heal()),
    TOO_MANY(
            "too many clients already",
            expect().told("PoolOpenException TOO_MANY_CONNECTIONS"),
            scene -> {
                scene.administrate("ALTER ROLE campaign CONNECTION LIMIT 0");
                scene.terminate("true");
            },
            scene -> scene.administrate("ALTER ROLE campaign CONNECTION LIMIT -1")),
    WRONG_PASSWORD(
            "password changed on the server",
            expect().told("PoolOpenException BAD_CREDENTIALS"),
            scene -> {
                scene.administrate("ALTER ROLE campaign PASSWORD '" + Scene.OTHER_PASSWORD + "'");
                scene.terminate("true");
            },
            scene -> scene.administrate("ALTER ROLE campaign PASSWORD '" + Scene.PASSWORD + "'")),
    DROPPED(
            "database dropped, and made again",
            expect().told("PoolOpenException UNKNOWN_DATABASE"),
            Scene::dropDatabase,
            scene -> {
                scene.struck().forEach(Load::disregard);
                scene.createDatabase();
            }),
    DISK_FULL(
            "disk full (53100 for each write)",
            expect().told("SQLState 53100"),
            scene -> scene.beforeEachWrite("RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'"),
            Scene::nothingBeforeWrites),
    TIMEOUT_STORM(
            "each statement exceeds command_timeout",
            expect().told("SQLState 57014"),
            scene -> scene.beforeEachWrite("PERFORM pg_sleep(20)"),
            Scene::nothingBeforeWrites),
    INTERRUPTED(
            "callers interrupted while they wait for a stalled network",
            expect().told("(Pool)?InterruptedException"),
            scene -> {
                scene.proxy().be(Network.stalled());
                sleep(Duration.ofMillis(500));
                scene.struck().forEach(Load::interrupt);
            },
            scene -> scene.proxy().heal());

    private final String text;
    private final Expectation expectation;
    private final Consumer<Scene> strike;
    private final Consumer<Scene> heal;

    Fault(String text, Expectation expectation, Consumer<Scene> strike, Consumer<Scene> heal) {
        this.text = text;
        this.expectation = expectation;
        this.strike = strike;
        this.heal = heal;
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(Math.max(0, time.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Expectation expected() {
        return expectation;
    }

    void strike(Scene scene) {
        strike.accept(scene);
    }

    void heal(Scene scene) {
        heal.accept(scene);
    }

    /** Returns what it is called in the table. */
    String text() {
        return text;
    }
}
