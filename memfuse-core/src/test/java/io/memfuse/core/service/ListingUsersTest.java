package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.service.ServiceUsers.User;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListingUsersTest extends ServiceCacheFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private ServiceUsers all() {
        return cache.users(100, user -> true);
    }

    @Test
    void tellsWhichServicesEachHasAndWhoWasSeenLast() {
        cache.get("alice", Buffer.class);
        time.advance(MINUTE);
        cache.get("bob", Storage.class);

        assertThat(all().listed()).extracting(User::name).containsExactly("bob", "alice");
        assertThat(all().listed())
                .extracting(User::services)
                .containsExactly(List.of("storage"), List.of("buffer", "storage"));
        assertThat(all().listed().get(0).unseenFor()).isZero();
        assertThat(all().listed().get(1).unseenFor()).isBetween(MINUTE.minusSeconds(1), MINUTE);
        assertThat(all().more()).isZero();
    }

    @Test
    void putsAUserWhoComesBackFirst() {
        cache.get("alice", Storage.class);
        cache.get("bob", Storage.class);
        time.advance(MINUTE);
        cache.get("bob", Storage.class);
        assertThat(all().listed()).extracting(User::name).containsExactly("bob", "alice");

        time.advance(MINUTE);
        cache.get("alice", Storage.class);

        assertThat(all().listed()).extracting(User::name).containsExactly("alice", "bob");
    }

    @Test
    void listsNoMoreThanAreWantedAndCountsTheOthers() {
        for (int i = 0; i < 15; i++) {
            cache.get("user" + i, Storage.class);
        }

        ServiceUsers some = cache.users(2, user -> user.startsWith("user1"));

        assertThat(some.listed()).extracting(User::name).containsExactly("user1", "user10");
        assertThat(some.more()).as("user11 to user14").isEqualTo(4);
        assertThat(cache.users(0, user -> true).listed()).isEmpty();
        assertThat(cache.users(0, user -> true).more()).isEqualTo(15);
        assertThatThrownBy(() -> cache.users(-1, user -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("most is -1; accepted: 0 or more");
    }

    @Test
    void waitsForNoServiceThatIsMadeOrClosed() throws Exception {
        cache.get("alice", Memory.class);
        var closing = new CountDownLatch(1);
        storage.closer = closing::await;
        cache.evict("alice");
        var making = new CountDownLatch(1);
        var slow = new Factory<>("slow", Greeting.class, closed, context -> {
            making.await();
            return new Greeting(context.user());
        });
        try (ServiceCache other = builder().factory(slow).build()) {
            Future<Greeting> asked = callers.submit(() -> other.get("bob", Greeting.class));
            await().until(() -> other.stats().users() == 1);

            assertThat(other.users(9, user -> true).listed())
                    .singleElement()
                    .satisfies(bob -> assertThat(bob.services()).isEmpty());
            assertThat(all().listed())
                    .singleElement()
                    .satisfies(alice -> assertThat(alice.services()).isEmpty());
            assertThatThrownBy(() -> asked.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            making.countDown();
            asked.get();
            assertThat(other.users(9, user -> true).listed())
                    .singleElement()
                    .satisfies(bob -> assertThat(bob.services()).containsExactly("slow"));
        } finally {
            making.countDown();
            closing.countDown();
        }
        await().until(() -> all().listed().isEmpty());
    }

    private record Greeting(String user) {}
}
