package io.memfuse.services.memory;

import io.memfuse.services.sql.UserDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** One user's part of the table {@code memfuse.message}. Thread-safe. */
final class MessageTable {

    /** One statement for a whole batch: all or none, and what is there already from an answer that got lost stays. */
    private static final String INSERT = """
            insert into memfuse.message (user_id, id, created_at, role, body, metadata)
            select ?, m.id, m.created_at, m.role, m.body, m.metadata
            from unnest(?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::jsonb[])
                as m (id, created_at, role, body, metadata)
            on conflict (user_id, id) do nothing
            """;

    private static final String COLUMNS = """
            id, created_at, role, body,
            array(select e.key from jsonb_each_text(metadata) e order by e.key),
            array(select e.value from jsonb_each_text(metadata) e order by e.key)
            """;

    private static final String GET = "select " + COLUMNS + " from memfuse.message where user_id = ? and id = ?";

    private static final String NEWEST =
            "select " + COLUMNS + " from memfuse.message where user_id = ? order by id desc limit ?";

    private static final String SEARCH = "select " + COLUMNS + """
            , ts_rank(search, query) as rank
            from memfuse.message, (select ? as the_user, websearch_to_tsquery('english', ?) as query) as wanted
            where user_id = the_user and search @@ query
            order by rank desc, id desc limit ?
            """;

    private final UserDatabase database;

    MessageTable(UserDatabase database) {
        this.database = database;
    }

    /** Returns the service and its user, for messages. */
    String subject() {
        return database.subject();
    }

    void insert(List<Message> messages) {
        database.update(
                "write messages",
                INSERT,
                p -> p.texts(column(messages, message -> message.id().toString()))
                        .texts(column(messages, message -> message.time().toString()))
                        .texts(column(messages, Message::role))
                        .texts(column(messages, Message::text))
                        .texts(column(messages, message -> JsonObject.of(message.metadata()))));
    }

    private static String[] column(List<Message> messages, Function<Message, String> value) {
        return messages.stream().map(value).toArray(String[]::new);
    }

    Optional<Message> get(UUID id) {
        return database.queryOne("read a message", GET, p -> p.uuid(id), MessageTable::message);
    }

    /** Returns the newest messages, the newest first. */
    List<Message> newest(int limit) {
        return database.query("read recent messages", NEWEST, p -> p.number(limit), MessageTable::message);
    }

    List<SearchHit> search(String query, int limit) {
        return database.query(
                "search messages",
                SEARCH,
                p -> p.text(query).number(limit),
                row -> new SearchHit(message(row), row.getFloat("rank")));
    }

    private static Message message(ResultSet row) throws SQLException {
        return new Message(
                row.getObject(1, UUID.class),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                row.getString(3),
                row.getString(4),
                metadata((String[]) row.getArray(5).getArray(), (String[])
                        row.getArray(6).getArray()));
    }

    private static Map<String, String> metadata(String[] keys, String[] values) {
        var metadata = new HashMap<String, String>();
        for (int i = 0; i < keys.length; i++) {
            metadata.put(keys[i], values[i]);
        }
        return metadata;
    }
}
