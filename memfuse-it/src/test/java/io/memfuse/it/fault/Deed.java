package io.memfuse.it.fault;

/** What a test has done in the middle of something. */
@FunctionalInterface
interface Deed {
    void be() throws Exception;
}
