package io.memfuse.pool.r2dbc;

/** How a pool is rid of a connection. */
enum Ending {
    /** With a good-bye to the server. */
    GOOD_BYE,
    /** At once, for nobody is there to say good-bye to. */
    CUT_OFF,
    /** The server is told to stop what the connection is at, which it would not notice otherwise until it is done. */
    CANCEL
}
