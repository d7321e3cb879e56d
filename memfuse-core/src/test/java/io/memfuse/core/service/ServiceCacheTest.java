package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.service.ServiceException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceCacheTest extends ServiceCacheFixture {

    @Test
    void asksForTheResourcesOfTheUser() {
        ServiceCache resourceful = builder()
                .resources(new ServiceResources() {
                    @Override
                    public <R> R resource(String user, Class<R> type) {
                        return type.cast("database of " + user);
                    }
                })
                .factory(new Factory<>(
                        "storage", Storage.class, closed, context -> new Storage(context.resource(String.class))))
                .build();
        assertThat(resourceful.get("alice", Storage.class).user()).isEqualTo("database of alice");
        assertThatThrownBy(() -> builder()
                        .factory(new Factory<>(
                                "storage",
                                Storage.class,
                                closed,
                                context -> new Storage(context.resource(String.class))))
                        .build()
                        .get("alice", Storage.class))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(Code.NO_RESOURCE));
    }

    @Test
    void endsTheThreadsItMade() {
        ServiceCache own = ServiceCache.builder().factory(storage).build();
        own.get("alice", Storage.class);
        own.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("memfuse-")));
    }
}
