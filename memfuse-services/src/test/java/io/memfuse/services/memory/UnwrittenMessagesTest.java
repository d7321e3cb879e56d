package io.memfuse.services.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnwrittenMessagesTest {

    private final TimeOrderedIds ids = new TimeOrderedIds();
    private final UnwrittenMessages unwritten = new UnwrittenMessages();

    private Message message(int number) {
        Instant now = Instant.EPOCH.plusMillis(number);
        return new Message(ids.next(now), now, "user", "m" + number, Map.of());
    }

    @Test
    void showsAMessageNotBeforeTheBufferAcceptedIt() {
        Message message = message(1);
        unwritten.offer(message);
        assertThat(unwritten.get(message.id())).isEmpty();
        assertThat(unwritten.newest(10)).isEmpty();
        unwritten.accepted(message);

        assertThat(unwritten.get(message.id())).contains(message);
        assertThat(unwritten.newest(10)).containsExactly(message);
    }

    @Test
    void forgetsWhatWasWrittenBeforeItsAcceptanceWasNoted() {
        Message message = message(1);
        unwritten.offer(message);
        unwritten.removeAll(List.of(message));
        unwritten.accepted(message);

        assertThat(unwritten.newest(10)).isEmpty();
    }

    @Test
    void givesTheNewestFirst() {
        List<Message> messages = IntStream.range(0, 5).mapToObj(this::message).toList();
        messages.forEach(unwritten::offer);
        messages.forEach(unwritten::accepted);

        assertThat(unwritten.newest(2)).containsExactly(messages.get(4), messages.get(3));
    }
}
