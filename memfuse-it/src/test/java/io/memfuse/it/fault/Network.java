package io.memfuse.it.fault;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** What a network does to the data of some phases and directions of a connection. Immutable. */
public record Network(Set<Phase> phases, Set<Direction> directions, Fault fault) {

    /** Which way data goes. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** How far a connection is, as PostgreSQL's protocol shows; one of another protocol stays in its login. */
    public enum Phase {
        /** The client has connected, and said nothing. */
        CONNECT,
        /** Until the server says that it is ready. */
        LOGIN,
        /** The client asks whether the server is there, as the drivers do. */
        VALIDATION,
        /** Everything between login and close. */
        SESSION,
        /** The client says farewell, or hangs up. */
        CLOSE
    }

    /** What becomes of a piece of data. */
    public sealed interface Fault {

        /** It comes late. */
        record Delay(Duration by) implements Fault {}

        /** It comes slowly. */
        record Slow(int bytesPerSecond) implements Fault {}

        /** It comes when the network is well again. */
        record Stall() implements Fault {}

        /** It never comes, nor does what follows it on this connection and in this direction. */
        record Swallow() implements Fault {}

        /** So many bytes of it come, and then the connection ends: with a reset, or as if the other side had closed. */
        record Cut(int afterBytes, boolean reset) implements Fault {}
    }

    /** A network that passes everything. */
    public static final Network WELL =
            new Network(EnumSet.noneOf(Phase.class), EnumSet.noneOf(Direction.class), new Fault.Stall());

    /** Delays each piece of data, in both directions. */
    public static Network late(Duration by) {
        return everywhere(new Fault.Delay(by));
    }

    /** Passes so few bytes in a second, in each direction of each connection. */
    public static Network slow(int bytesPerSecond) {
        return everywhere(new Fault.Slow(bytesPerSecond));
    }

    /** Accepts, and holds everything back for the time being. */
    public static Network stalled() {
        return everywhere(new Fault.Stall());
    }

    /** Swallows what the server says in a phase; what the client says as well when it begins or ends a connection. */
    public static Network blackHole(Phase phase) {
        return new Network(EnumSet.of(phase), EnumSet.allOf(Direction.class), new Fault.Swallow());
    }

    /** Accepts who connects from now on, and never answers; who is connected is served. */
    public static Network mute() {
        return blackHole(Phase.CONNECT);
    }

    /** Hangs up on whoever connects from now on; who is connected is served. */
    public static Network hangingUp() {
        return new Network(EnumSet.of(Phase.CONNECT), EnumSet.allOf(Direction.class), new Fault.Cut(0, false));
    }

    /** Ends each connection within the next answer of the server. */
    public static Network cutting(int afterBytes, boolean reset) {
        return new Network(
                EnumSet.of(Phase.SESSION, Phase.VALIDATION),
                EnumSet.of(Direction.TO_CLIENT),
                new Fault.Cut(afterBytes, reset));
    }

    private static Network everywhere(Fault fault) {
        return new Network(EnumSet.allOf(Phase.class), EnumSet.allOf(Direction.class), fault);
    }

    boolean strikes(Phase phase, Direction direction) {
        return phases.contains(phase) && directions.contains(direction);
    }
}
