package io.memfuse.it.fault;

import io.memfuse.it.fault.Network.Direction;
import io.memfuse.it.fault.Network.Phase;
import java.util.Arrays;

/** Reads off the data of one connection how far it is, from a few bytes of PostgreSQL's protocol. Thread-safe. */
final class ProtocolPhase {

    private static final byte[] READY = {'Z', 0, 0, 0, 5};
    private static final byte[] FAREWELL = {'X', 0, 0, 0, 4};

    /** By which the drivers ask: of JDBC, of R2DBC. */
    private static final byte[] EMPTY_QUERY = {'Q', 0, 0, 0, 5, 0};

    private static final byte[] SELECT_1 = {'Q', 0, 0, 0, 13, 'S', 'E', 'L', 'E', 'C', 'T', ' ', '1', 0};

    private final byte[] tail = new byte[READY.length + 1];
    private Phase phase = Phase.LOGIN;

    /** Returns the phase that these bytes belong to. */
    synchronized Phase of(Direction direction, byte[] data, int length) {
        if (direction == Direction.TO_SERVER) {
            return asked(data, length);
        }
        Phase before = phase;
        if (phase == Phase.LOGIN) {
            remember(data, length);
            if (Arrays.equals(tail, 0, READY.length, READY, 0, READY.length)) {
                phase = Phase.SESSION;
            }
        }
        return before;
    }

    private Phase asked(byte[] data, int length) {
        if (phase == Phase.LOGIN) {
            return phase;
        }
        if (is(data, length, FAREWELL)) {
            return farewell();
        }
        phase = is(data, length, EMPTY_QUERY) || is(data, length, SELECT_1) ? Phase.VALIDATION : Phase.SESSION;
        return phase;
    }

    /** The client hung up. */
    synchronized Phase farewell() {
        phase = Phase.CLOSE;
        return phase;
    }

    private static boolean is(byte[] data, int length, byte[] message) {
        return length == message.length && Arrays.equals(data, 0, length, message, 0, length);
    }

    private void remember(byte[] data, int length) {
        int fresh = Math.min(length, tail.length);
        System.arraycopy(tail, fresh, tail, 0, tail.length - fresh);
        System.arraycopy(data, length - fresh, tail, tail.length - fresh, fresh);
    }
}
