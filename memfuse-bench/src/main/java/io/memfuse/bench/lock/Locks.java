package io.memfuse.bench.lock;

import io.memfuse.bench.candidates.BravoReadWriteLock;
import io.memfuse.bench.candidates.DekkerReadWriteLock;
import io.memfuse.bench.candidates.OneWordReadWriteLock;
import io.memfuse.bench.candidates.ReadWrite;
import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** The locks that are compared. */
final class Locks {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private Locks() {}

    /** Acquires and releases; what a benchmark executes. */
    interface Section {

        /** Reads under the lock. */
        long read();

        /** Writes under the lock. */
        long write();
    }

    static Section section(String lock) {
        return switch (lock) {
            case "memfuse" -> new Ours();
            case "reentrant" -> new Reentrant(false);
            case "reentrant-fair" -> new Reentrant(true);
            case "stamped" -> new Stamped();
            case "one-word" -> new Candidate(new OneWordReadWriteLock());
            case "dekker" -> new Candidate(new DekkerReadWriteLock());
            case "bravo" -> new Candidate(new BravoReadWriteLock());
            default -> throw new IllegalArgumentException("no lock '" + lock + "'");
        };
    }

    private static final class Ours implements Section {

        private final AsyncReadWriteLock lock = new AsyncReadWriteLock("bench");
        private long value;

        @Override
        public long read() {
            LockHold hold = acquire(false);
            try {
                return value;
            } finally {
                hold.close();
            }
        }

        @Override
        public long write() {
            LockHold hold = acquire(true);
            try {
                return ++value;
            } finally {
                hold.close();
            }
        }

        private LockHold acquire(boolean write) {
            try {
                return write ? lock.writeBlocking(TIMEOUT) : lock.readBlocking(TIMEOUT);
            } catch (InterruptedException e) {
                throw new IllegalStateException("a benchmark is not interrupted", e);
            }
        }
    }

    private static final class Reentrant implements Section {

        private final ReentrantReadWriteLock lock;
        private long value;

        Reentrant(boolean fair) {
            this.lock = new ReentrantReadWriteLock(fair);
        }

        @Override
        public long read() {
            lock.readLock().lock();
            try {
                return value;
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public long write() {
            lock.writeLock().lock();
            try {
                return ++value;
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    private static final class Stamped implements Section {

        private final StampedLock lock = new StampedLock();
        private long value;

        @Override
        public long read() {
            long stamp = lock.readLock();
            try {
                return value;
            } finally {
                lock.unlockRead(stamp);
            }
        }

        @Override
        public long write() {
            long stamp = lock.writeLock();
            try {
                return ++value;
            } finally {
                lock.unlockWrite(stamp);
            }
        }
    }

    private static final class Candidate implements Section {

        private final ReadWrite lock;
        private long value;

        Candidate(ReadWrite lock) {
            this.lock = lock;
        }

        @Override
        public long read() {
            long ticket = lock.lockRead();
            try {
                return value;
            } finally {
                lock.unlockRead(ticket);
            }
        }

        @Override
        public long write() {
            long ticket = lock.lockWrite();
            try {
                return ++value;
            } finally {
                lock.unlockWrite(ticket);
            }
        }
    }
}
