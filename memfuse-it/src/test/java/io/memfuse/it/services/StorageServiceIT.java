package io.memfuse.it.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.it.TestDatabase;
import io.memfuse.services.storage.MalformedJsonException;
import io.memfuse.services.storage.StorageService;
import io.memfuse.services.storage.StoredRecord;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageServiceIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final EngineThreads THREADS = EngineThreads.create();
    private static HikariDataSource pool;

    private final StorageService alice = storageOf("alice");

    @BeforeAll
    static void open() {
        pool = TestPool.open(DATABASE, 5);
    }

    @AfterAll
    static void close() {
        pool.close();
        THREADS.close();
    }

    @BeforeEach
    void clear() {
        DATABASE.execute("delete from memfuse.record");
    }

    @AfterEach
    void noTransactionIsLeftBehind() {
        assertThat(DATABASE.query("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and state like 'idle in transaction%'"))
                .isEqualTo("0");
    }

    private static StorageService storageOf(String user) {
        return new UserContext(user, pool, THREADS).service(StorageService.class);
    }

    private static List<String> keys(List<StoredRecord> records) {
        return records.stream().map(StoredRecord::key).toList();
    }

    @Nested
    class Records {

        @Test
        void returnsWhatWasPut() {
            alice.put("profile", "{\"name\": \"Alice\", \"tags\": [1, 2]}");

            assertThat(alice.get("profile")).get().satisfies(record -> {
                assertThat(record.key()).isEqualTo("profile");
                assertThat(record.json()).isEqualTo("{\"name\": \"Alice\", \"tags\": [1, 2]}");
                assertThat(record.updatedAt()).isNotNull();
            });
        }

        @Test
        void theLastPutWins() {
            alice.put("k", "1");
            alice.put("k", "2");

            assertThat(alice.get("k")).get().extracting(StoredRecord::json).isEqualTo("2");
        }

        @Test
        void deletesOnce() {
            alice.put("k", "null");

            assertThat(alice.delete("k")).isTrue();
            assertThat(alice.delete("k")).isFalse();
            assertThat(alice.get("k")).isEmpty();
        }

        @Test
        void keepsTextOfEveryScript() {
            String json = "\"Grüße, \u4E16\u754C \uD83D\uDE80\"";
            alice.put("schlüssel \uD83D\uDD11", json);

            assertThat(alice.get("schlüssel \uD83D\uDD11"))
                    .get()
                    .extracting(StoredRecord::json)
                    .isEqualTo(json);
        }

        @Test
        void takesTheLongestKeyOfTheWidestCharacters() {
            String key = "\u4E16".repeat(512);
            storageOf("\u754C".repeat(256)).put(key, "1");

            assertThat(keys(storageOf("\u754C".repeat(256)).list("", 10))).containsExactly(key);
        }
    }

    @Nested
    class Lists {

        @Test
        void inTheOrderOfTheKeysAndPageByPage() {
            List.of("b", "a/2", "a/10", "a/1", "A", "a").forEach(key -> alice.put(key, "0"));

            assertThat(keys(alice.list("", 100))).containsExactly("A", "a", "a/1", "a/10", "a/2", "b");
            assertThat(keys(alice.list("a/", 2))).containsExactly("a/1", "a/10");
            assertThat(keys(alice.list("a/", "a/10", 2))).containsExactly("a/2");
        }

        @Test
        void takesThePrefixLiterally() {
            List.of("a_b", "axb", "a%b", "a\\b", "a*b", "a'b").forEach(key -> alice.put(key, "0"));

            assertThat(keys(alice.list("a_", 100))).containsExactly("a_b");
            assertThat(keys(alice.list("a%", 100))).containsExactly("a%b");
            assertThat(keys(alice.list("a\\", 100))).containsExactly("a\\b");
            assertThat(keys(alice.list("a'", 100))).containsExactly("a'b");
            assertThat(keys(alice.list("%", 100))).isEmpty();
        }

        @Test
        void findsWhatFollowsThePrefixUpToTheLastCharacter() {
            List.of("p", "p\uDBFF\uDFFF", "p\uDBFF\uDFFFx", "q").forEach(key -> alice.put(key, "0"));

            assertThat(keys(alice.list("p", 100))).containsExactly("p", "p\uDBFF\uDFFF", "p\uDBFF\uDFFFx");
            assertThat(keys(alice.list("p\uDBFF\uDFFF", 100))).containsExactly("p\uDBFF\uDFFF", "p\uDBFF\uDFFFx");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, StorageService.MAX_LIST + 1})
        void refusesALimitOutOfRange(int limit) {
            assertThatThrownBy(() -> alice.list("", limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit");
        }
    }

    @Nested
    class BadInput {

        @ParameterizedTest
        @ValueSource(
                strings = {"", "{", "{'a': 1}", "secret", "{\"a\": \"\\u0000\"}", "\"\u0000\"", "\"\uD800\"", "1e999999"
                })
        void refusesWhatIsNotJsonAndNamesTheKeyButNotTheValue(String json) {
            alice.put("k", "1");

            assertThatThrownBy(() -> alice.put("k", json))
                    .isInstanceOfSatisfying(
                            MalformedJsonException.class,
                            e -> assertThat(e.key()).isEqualTo("k"))
                    .hasMessageStartingWith("[MemFuse/JsonMalformed] storage of user 'alice'")
                    .hasMessageContaining("'k'")
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
            assertThat(alice.get("k")).get().extracting(StoredRecord::json).isEqualTo("1");
        }

        @Test
        void refusesJsonThatIsNestedTooDeep() {
            assertThatThrownBy(() -> alice.put("k", "[".repeat(1_000_000))).isInstanceOf(MalformedJsonException.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "a\u0000b", "a\nb", "\uDC00"})
        void refusesKeysThatAreNone(String key) {
            assertThatThrownBy(() -> alice.put(key, "1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("key");
        }
    }

    @Nested
    class AnotherUser {

        private final StorageService bob = storageOf("bob");

        @Test
        void neitherReadsNorListsNorDeletesNorOverwrites() {
            alice.put("k", "\"of alice\"");

            assertThat(bob.get("k")).isEmpty();
            assertThat(bob.list("", 100)).isEmpty();
            assertThat(bob.delete("k")).isFalse();
            bob.put("k", "\"of bob\"");

            assertThat(alice.get("k")).get().extracting(StoredRecord::json).isEqualTo("\"of alice\"");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "' or '1'='1",
                    "k' --",
                    "%",
                    "_",
                    "k') or (user_id = 'alice",
                    "$1",
                    "?",
                    "\\",
                    "user_id",
                    "k\"; --"
                })
        void doesNotGetThereByMetacharacters(String text) {
            alice.put("k", "1");

            assertThat(bob.get(text)).isEmpty();
            assertThat(bob.list(text, 100)).isEmpty();
            assertThat(bob.list("", text, 100)).isEmpty();
            assertThat(bob.delete(text)).isFalse();
            assertThat(storageOf(text).list("", 100)).isEmpty();
            assertThat(alice.get("k")).isPresent();
        }

        @Test
        void isSomebodyElseIfTheNamesDifferInCaseOrBlanksOnly() {
            alice.put("k", "1");

            assertThat(storageOf("Alice").get("k")).isEmpty();
            assertThat(storageOf("alice ").get("k")).isEmpty();
        }
    }
}
