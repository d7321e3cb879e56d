package io.memfuse.it.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.it.TestDatabase;
import io.memfuse.services.buffer.BufferException;
import io.memfuse.services.memory.MemoryService;
import io.memfuse.services.memory.Message;
import io.memfuse.services.memory.SearchHit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryServiceIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final EngineThreads THREADS = EngineThreads.create();
    private static HikariDataSource pool;
    private static FaultyDataSource faulty;

    /** A user of its own for each test. */
    private final String alice = "alice " + UUID.randomUUID();

    private UserContext context;
    private MemoryService memory;

    @BeforeAll
    static void open() {
        pool = TestPool.open(DATABASE, 20);
        faulty = new FaultyDataSource(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
        THREADS.close();
    }

    @BeforeEach
    void makeServices() {
        context = new UserContext(alice, faulty.dataSource(), THREADS);
        memory = context.service(MemoryService.class);
    }

    @AfterEach
    void closeServices() {
        context.close();
    }

    private String count() {
        return DATABASE.query("select count(*) from memfuse.message where user_id = '" + alice + "'");
    }

    private void awaitWritten(int messages) {
        await().until(() -> count().equals(Integer.toString(messages)));
    }

    private static List<String> texts(List<Message> messages) {
        return messages.stream().map(Message::text).toList();
    }

    private List<String> found(String query) throws InterruptedException {
        return texts(memory.search(query, 100).stream().map(SearchHit::message).toList());
    }

    /** Stops all writing until it is closed, so that what is appended stays in the buffer. */
    private static final class WritesHeld implements AutoCloseable {

        private final Connection connection;

        WritesHeld() throws SQLException {
            connection = DATABASE.connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("lock table memfuse.message in share mode");
            }
        }

        void release() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @Nested
    class Messages {

        @Test
        void areTheSameBeforeAndAfterTheyAreWritten() throws Exception {
            Message message;
            try (var held = new WritesHeld()) {
                message = memory.append(
                        "user",
                        "Grüße \uD83D\uDE80 {\"'\\",
                        Map.of("source", "chat", "quote\"\\\n\u0001", "\u4E16 \uD83D\uDE80", "empty", ""));
                assertThat(memory.get(message.id())).contains(message);
                assertThat(memory.recent(10)).containsExactly(message);
                assertThat(count()).isEqualTo("0");
                held.release();
            }
            awaitWritten(1);

            assertThat(memory.get(message.id())).contains(message);
            assertThat(memory.recent(10)).containsExactly(message);
        }

        @Test
        void areFoundByAnotherServiceOfTheUserOnceWritten() throws Exception {
            Message message = memory.append("assistant", "hello");
            context.close();

            try (var again = new UserContext(alice, pool, THREADS)) {
                assertThat(again.service(MemoryService.class).get(message.id())).contains(message);
            }
        }

        @Test
        void keepTheirOrderInTheBufferOnTheServerAndAcrossBoth() throws Exception {
            var appended = new ArrayList<Message>();
            for (int i = 0; i < 150; i++) {
                appended.add(memory.append("user", "written " + i));
            }
            awaitWritten(150);
            try (var held = new WritesHeld()) {
                for (int i = 0; i < 50; i++) {
                    appended.add(memory.append("user", "unwritten " + i));
                }
                assertThat(memory.recent(1000)).containsExactlyElementsOf(appended);
                assertThat(memory.recent(60)).containsExactlyElementsOf(appended.subList(140, 200));
                assertThat(memory.recent(10)).containsExactlyElementsOf(appended.subList(190, 200));
                held.release();
            }
            awaitWritten(200);

            assertThat(memory.recent(1000)).containsExactlyElementsOf(appended);
        }

        @Test
        void keepTheirOrderWhenTheServiceIsMadeAgain() throws Exception {
            var appended = new ArrayList<Message>();
            for (int i = 0; i < 5; i++) {
                try (var again = new UserContext(alice, pool, THREADS)) {
                    appended.add(again.service(MemoryService.class).append("user", "m" + i));
                }
            }

            assertThat(memory.recent(10)).containsExactlyElementsOf(appended);
        }
    }

    @Nested
    class Search {

        @Test
        void ranksTheBetterMatchFirst() throws Exception {
            memory.append("user", "The cat sat on the mat, far away from any other animal of the house.");
            memory.append("user", "Cats, cats and cats: a cat for everybody.");
            memory.append("user", "Nothing of the kind.");

            List<SearchHit> hits = memory.search("cat", 10);

            assertThat(hits).hasSize(2);
            assertThat(hits.get(0).message().text()).startsWith("Cats");
            assertThat(hits.get(0).rank()).isGreaterThan(hits.get(1).rank());
            assertThat(memory.search("cat", 1)).containsExactly(hits.get(0));
        }

        @Test
        void takesPhrasesAlternativesAndExclusions() throws Exception {
            memory.append("user", "red wine");
            memory.append("user", "wine that is red");
            memory.append("user", "white wine");

            assertThat(found("\"red wine\"")).containsExactly("red wine");
            assertThat(found("wine -red")).containsExactly("white wine");
            assertThat(found("white or \"red wine\"")).containsExactlyInAnyOrder("red wine", "white wine");
        }

        @Test
        void seesWhatWasAppendedJustBefore() throws Exception {
            for (int i = 0; i < 20; i++) {
                memory.append("user", "unicorn" + i);
                assertThat(found("unicorn" + i)).containsExactly("unicorn" + i);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", " ", "the", "& | ! ( ) :* <->", "'", "\"", "\\", "'; drop table memfuse.message; --", "-"
                })
        void takesAnyText(String query) throws Exception {
            memory.append("user", "wine");

            assertThat(found(query)).isEmpty();
        }

        @Test
        void usesTheIndex() throws Exception {
            memory.append("user", "wine");
            assertThat(found("wine")).hasSize(1);

            // For the planner a small table is read faster without: asked whether it can, not whether it wants to.
            try (Connection connection = DATABASE.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("set enable_seqscan = off");
                statement.execute("set enable_indexscan = off");
                try (ResultSet plan = statement.executeQuery("explain (format json) select id from memfuse.message"
                        + " where search @@ websearch_to_tsquery('english', 'wine')")) {
                    assertThat(plan.next()).isTrue();
                    assertThat(plan.getString(1)).contains("\"Index Name\": \"message_search\"");
                }
            }
        }
    }

    @Nested
    class BadInput {

        @ParameterizedTest
        @ValueSource(strings = {"a\u0000b", "\uD800", "x\uDC00"})
        void isRefusedBeforeItIsAccepted(String poison) throws Exception {
            assertThatThrownBy(() -> memory.append("user", poison)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.append(poison, "text")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.append("user", "text", Map.of(poison, "v")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.append("user", "text", Map.of("k", poison)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.search(poison, 1)).isInstanceOf(IllegalArgumentException.class);

            memory.append("user", "good");
            assertThat(texts(memory.recent(10))).containsExactly("good");
        }

        @Test
        void isRefusedWhenTooLong() {
            assertThatThrownBy(() -> memory.append("user", "x".repeat(262_145)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("text has 262145 characters; at most 262144");
            assertThatThrownBy(() -> memory.append("user", "", Map.of("k", "x".repeat(65_536))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.append("r".repeat(65), "")).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void isNotTheLongestTextOfNothingButDifferentWords() throws Exception {
            var text = new StringBuilder();
            for (int point = 0x20000; text.length() < 262_144 - 6; point++) {
                text.appendCodePoint(point)
                        .append('-')
                        .appendCodePoint(point + 1)
                        .append(' ');
            }
            Message message = memory.append("user", text.toString());
            awaitWritten(1);

            assertThat(memory.get(message.id())).contains(message);
        }
    }

    @Nested
    class AnotherUser {

        private final UserContext bobsContext = new UserContext("bob of " + alice, pool, THREADS);
        private final MemoryService bob = bobsContext.service(MemoryService.class);

        @AfterEach
        void closeBob() {
            bobsContext.close();
        }

        @Test
        void findsNothingByIdTimeOrWords() throws Exception {
            Message secret = memory.append("user", "the password of alice");
            assertThat(bob.get(secret.id())).isEmpty();
            assertThat(found("password")).hasSize(1);

            assertThat(bob.get(secret.id())).isEmpty();
            assertThat(bob.recent(1000)).isEmpty();
            assertThat(bob.search("password", 100)).isEmpty();
            assertThat(bob.search("password') or true --", 100)).isEmpty();
        }

        @Test
        void doesNotLoseAMessageWhoseIdAliceHasToo() throws Exception {
            Message ofBob = bob.append("user", "hello");
            assertThat(bob.search("hello", 1)).hasSize(1);
            DATABASE.execute("insert into memfuse.message (user_id, id, created_at, role, body, metadata)"
                    + " select '" + alice + "', id, created_at, role, 'of alice', metadata from memfuse.message"
                    + " where id = '" + ofBob.id() + "'");

            assertThat(bob.get(ofBob.id())).contains(ofBob);
            assertThat(memory.get(ofBob.id())).get().extracting(Message::text).isEqualTo("of alice");
        }
    }

    @Nested
    class Faults {

        @Test
        void aLostAnswerIsNotWrittenTwice() throws Exception {
            int lostBefore = faulty.answersLost();
            faulty.loseAnswers(3);
            var appended = new ArrayList<Message>();
            for (int i = 0; i < 250; i++) {
                appended.add(memory.append("user", "m" + i));
            }
            await().until(() -> faulty.answersLost() == lostBefore + 3);
            context.close();

            assertThat(count()).isEqualTo("250");
            assertThat(memory.recent(1000)).containsExactlyElementsOf(appended);
        }

        @Test
        void aBackendKilledInTheMiddleOfAWriteLosesNothing() throws Exception {
            var appended = new ArrayList<Message>();
            try (var held = new WritesHeld()) {
                for (int i = 0; i < 250; i++) {
                    appended.add(memory.append("user", "m" + i));
                }
                await().until(MemoryServiceIT.this::killWriter);
                held.release();
            }
            context.close();

            assertThat(count()).isEqualTo("250");
            assertThat(memory.recent(1000)).containsExactlyElementsOf(appended);
        }

        @Test
        void searchSaysWhatIsNotWritten() throws Exception {
            faulty.loseAnswers(1);
            memory.append("user", "hello");

            assertThatThrownBy(() -> memory.search("hello", 1))
                    .isInstanceOfSatisfying(
                            BufferException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessageStartingWith("[MemFuse/BufferNotWritten] buffer 'messages' of user '" + alice + "'")
                    .hasMessageContaining("waiting 1,")
                    .hasRootCauseMessage("the answer got lost");
            await().ignoreExceptionsInstanceOf(BufferException.class)
                    .until(() -> found("hello").size() == 1);
        }
    }

    /** Ends the backend that waits to write to the table, if there is one. */
    private boolean killWriter() {
        return DATABASE.query("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock'"
                        + " and query like 'insert into memfuse.message%'")
                .equals("1");
    }

    @Nested
    class ManyAtOnce {

        private static final int CALLERS = 1_000;

        @Test
        void appendAndReadOnOneUserThroughTwentyConnections() throws Exception {
            ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
            try {
                var start = new CountDownLatch(1);
                List<Future<Message>> results = IntStream.range(0, CALLERS)
                        .mapToObj(i -> callers.submit(caller(i, start)))
                        .toList();
                start.countDown();

                var ids = new HashSet<UUID>();
                for (Future<Message> result : results) {
                    ids.add(result.get(60, TimeUnit.SECONDS).id());
                }
                assertThat(ids).hasSize(CALLERS);
                context.close();
                assertThat(count()).isEqualTo(Integer.toString(CALLERS));
                assertThat(memory.recent(CALLERS)).extracting(Message::id).isSorted();
            } finally {
                callers.shutdownNow();
                assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            }
        }

        private Callable<Message> caller(int number, CountDownLatch start) {
            return () -> {
                start.await();
                String word = "word" + number;
                Message message = memory.append("user", word, Map.of("number", Integer.toString(number)));
                assertThat(memory.get(message.id())).contains(message);
                assertThat(memory.recent(1_000)).contains(message);
                if (number % 10 == 0) {
                    assertThat(found(word)).containsExactly(word);
                }
                return message;
            };
        }

        @Test
        void usersAreMadeAtOnce() throws Exception {
            ExecutorService callers = Executors.newFixedThreadPool(50);
            try {
                List<Future<Boolean>> results = IntStream.range(0, 50)
                        .mapToObj(i -> callers.submit(() -> {
                            try (var user = new UserContext(alice + i, pool, THREADS)) {
                                MemoryService own = user.service(MemoryService.class);
                                own.append("user", "mine");
                                return texts(own.recent(10)).equals(List.of("mine"));
                            }
                        }))
                        .toList();
                for (Future<Boolean> result : results) {
                    assertThat(result.get(60, TimeUnit.SECONDS)).isTrue();
                }
            } finally {
                callers.shutdownNow();
            }
        }
    }

    @Test
    void closingWritesWhatIsInTheBuffer() throws Exception {
        memory.append("user", "hello");
        context.close();

        assertThat(count()).isEqualTo("1");
        assertThatThrownBy(() -> memory.append("user", "late"))
                .isInstanceOfSatisfying(
                        BufferException.class, e -> assertThat(e.code()).isEqualTo(BufferException.Code.CLOSED));
    }
}
