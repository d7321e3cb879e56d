package io.memfuse.it.soak;

/**
 * What there was at one moment.
 *
 * @param seconds since the beginning
 * @param heapMebibytes what the collector cannot free, with all that the test itself keeps
 * @param threads all threads of the JVM
 * @param files open files and sockets of the JVM; 0 where it does not tell
 * @param backends connections that the server has
 * @param perSecond transactions that were acknowledged since the sample before, for each second
 */
record Sample(double seconds, double heapMebibytes, int threads, long files, int backends, double perSecond) {}
