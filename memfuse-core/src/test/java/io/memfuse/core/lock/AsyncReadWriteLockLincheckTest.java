package io.memfuse.core.lock;

import io.memfuse.core.testing.Campaign;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The synchronous face against a sequential specification, under the interleavings that Lincheck tries: each result is one
 * that the operations could have had one after the other, and none is stuck. Lincheck's own seed is fixed, so that a failure
 * comes again. The system property {@code memfuse.campaign} tries many more.
 */
class AsyncReadWriteLockLincheckTest {

    @ParameterizedTest
    @CsvSource({
        "io.memfuse.core.lock.LockOperations, io.memfuse.core.lock.LockSpecification",
        "io.memfuse.core.lock.LockOperations$WithAReaderIn, io.memfuse.core.lock.LockSpecification$WithAReaderIn",
        "io.memfuse.core.lock.LockOperations$WithAWriterIn, io.memfuse.core.lock.LockSpecification$WithAWriterIn",
    })
    void isLinearizable(Class<?> operations, Class<?> specification) {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(2)
                .iterations(Campaign.iterations(1, 200))
                .invocationsPerIteration(Campaign.invocations(100, 10_000))
                .sequentialSpecification(specification)
                .check(operations);
    }

    @Test
    void isLinearizableOnRealThreads() {
        new StressOptions()
                .threads(2)
                .actorsPerThread(4)
                .actorsBefore(1)
                .actorsAfter(2)
                .iterations(Campaign.iterations(1, 200))
                .invocationsPerIteration(Campaign.invocations(50, 20_000))
                .sequentialSpecification(LockSpecification.class)
                .check(LockOperations.class);
    }

    /** Readers take no mutex while no writer is about: each goes on whatever the others do, even if they stand still. */
    @Test
    void readersAreObstructionFreeAmongThemselves() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .iterations(Campaign.iterations(2, 100))
                .invocationsPerIteration(Campaign.invocations(100, 10_000))
                .checkObstructionFreedom(true)
                .sequentialSpecification(LockSpecification.class)
                .check(Readers.class);
    }

    /** Operations of readers alone. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Readers {

        private final LockOperations all = new LockOperations();

        @Operation(params = "thread")
        public boolean tryRead(int thread) {
            return all.tryRead(thread);
        }

        @Operation(params = "thread")
        public boolean release(int thread) {
            return all.release(thread);
        }
    }
}
