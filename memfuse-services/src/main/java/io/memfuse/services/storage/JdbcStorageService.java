package io.memfuse.services.storage;

import io.memfuse.services.StorageException;
import io.memfuse.services.sql.Texts;
import io.memfuse.services.sql.UserDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** {@link StorageService} on the table {@code memfuse.record}. */
final class JdbcStorageService implements StorageService {

    private static final int MAX_KEY_CHARS = 512;
    private static final int MAX_JSON_CHARS = 16 * 1024 * 1024;

    private static final String PUT = """
            insert into memfuse.record (user_id, key, value) values (?, ?, ?::jsonb)
            on conflict (user_id, key) do update set value = excluded.value, updated_at = now()
            """;

    private static final String GET = """
            select key, value, updated_at from memfuse.record where user_id = ? and key = ?
            """;

    private static final String LIST_FROM = """
            select key, value, updated_at from memfuse.record
            where user_id = ? and key >= ? and key > ?
            order by key limit ?
            """;

    private static final String LIST_RANGE = """
            select key, value, updated_at from memfuse.record
            where user_id = ? and key >= ? and key > ? and key < ?
            order by key limit ?
            """;

    private static final String DELETE = """
            delete from memfuse.record where user_id = ? and key = ?
            """;

    private final UserDatabase database;

    JdbcStorageService(UserDatabase database) {
        this.database = database;
    }

    @Override
    public void put(String key, String json) {
        requireKey(key);
        requireText(key, json);
        try {
            database.update("put a record", PUT, p -> p.text(key).text(json));
        } catch (StorageException e) {
            throw e.code() == StorageException.Code.REFUSED ? malformed(key, e) : e;
        }
    }

    @Override
    public Optional<StoredRecord> get(String key) {
        requireKey(key);
        return database.queryOne("get a record", GET, p -> p.text(key), JdbcStorageService::read);
    }

    @Override
    public List<StoredRecord> list(String prefix, String afterKey, int limit) {
        Texts.requireStorable("prefix", prefix, MAX_KEY_CHARS);
        Texts.requireStorable("afterKey", afterKey, MAX_KEY_CHARS);
        if (limit < 1 || limit > MAX_LIST) {
            throw new IllegalArgumentException("limit is " + limit + "; must be 1 to " + MAX_LIST);
        }
        String end = PrefixRange.end(prefix);
        return end == null
                ? list(LIST_FROM, p -> p.text(prefix).text(afterKey).number(limit))
                : list(LIST_RANGE, p -> p.text(prefix).text(afterKey).text(end).number(limit));
    }

    private List<StoredRecord> list(String sql, UserDatabase.Binder binder) {
        return database.query("list records", sql, binder, JdbcStorageService::read);
    }

    @Override
    public boolean delete(String key) {
        requireKey(key);
        return database.update("delete a record", DELETE, p -> p.text(key)) > 0;
    }

    private static void requireKey(String key) {
        Texts.requireName("key", key, MAX_KEY_CHARS);
    }

    private void requireText(String key, String json) {
        try {
            Texts.requireStorable("it", json, MAX_JSON_CHARS);
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException(database.subject(), key, String.valueOf(e.getMessage()));
        }
    }

    private MalformedJsonException malformed(String key, StorageException refused) {
        String state = refused.getCause() instanceof SQLException sql ? sql.getSQLState() : "unknown";
        return new MalformedJsonException(database.subject(), key, "SQLSTATE " + state);
    }

    private static StoredRecord read(ResultSet row) throws SQLException {
        return new StoredRecord(
                row.getString(1),
                row.getString(2),
                row.getObject(3, OffsetDateTime.class).toInstant());
    }
}
