package io.memfuse.pool.hikari;

/**
 * A line of the processor's cache before the fields of a subclass, so that it does not wait for what other threads write to the object that
 * lies before it. HotSpot puts the fields of a superclass first.
 */
abstract class CacheLine {

    int before0; // In the hole behind the header, which would be a subclass's otherwise.
    long before1;
    long before2;
    long before3;
    long before4;
    long before5;
    long before6;
    long before7;
}
