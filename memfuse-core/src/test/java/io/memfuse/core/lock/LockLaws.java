package io.memfuse.core.lock;

import static org.awaitility.Awaitility.await;

import io.memfuse.core.testing.Campaign;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** What any lock of many readers or one writer has to keep, put to a lock by {@link LockLawsTest}. */
final class LockLaws {

    private LockLaws() {}

    /** Nobody is in with a writer, each sees what the one before did, and nobody is forgotten: in all that Lincheck tries. */
    static void visitorsComeAndGo(Class<? extends LockVisits> visits) {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(Campaign.isOn() ? 2 : 1)
                .actorsBefore(0)
                .actorsAfter(2)
                .iterations(Campaign.iterations(5, 100))
                .invocationsPerIteration(Campaign.invocations(80, 2_000))
                .minimizeFailedScenario(false)
                .check(visits);
    }

    /** A writer waits while readers come and go so that one is always in; returns how many went before it, up to a limit. */
    static int readersThatOvertakeAWriter(LockUnderTest lock, ExecutorService threads, int limit) throws Exception {
        lock.acquireRead();
        Future<?> writer = threads.submit((Callable<?>) () -> {
            lock.acquireWrite();
            return null;
        });
        await().until(() -> lock.waitingWriters() == 1);
        int overtook = 0;
        while (overtook < limit && lock.letsAReaderIn()) {
            lock.releaseRead(); // The one before.
            overtook++;
        }
        lock.releaseRead();
        writer.get();
        return overtook;
    }
}
