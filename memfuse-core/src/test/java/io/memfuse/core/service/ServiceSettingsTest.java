package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.memfuse.core.service.ServiceSetting.Count;
import io.memfuse.core.service.ServiceSetting.Time;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceSettingsTest {

    private static final Count LIMIT = new Count("limit", 10, 1, 100, "how many");
    private static final Time PAUSE =
            new Time("pause", Duration.ofSeconds(1), Duration.ZERO, Duration.ofHours(1), "rest");

    @Test
    void fallBackToWhatIsDeclared() {
        assertThat(ServiceSettings.NONE.get(LIMIT)).isEqualTo(10);
        assertThat(ServiceSettings.NONE.get(PAUSE)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void haveWhatIsSet() {
        ServiceSettings settings =
                ServiceSettings.NONE.with(LIMIT, 5).with(PAUSE, Duration.ZERO).with(LIMIT, 100);

        assertThat(settings.get(LIMIT)).isEqualTo(100);
        assertThat(settings.get(PAUSE)).isEqualTo(Duration.ZERO);
        assertThat(settings).hasToString("{limit=100, pause=PT0S}");
    }

    @Test
    void refuseWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceSettings.NONE.with(LIMIT, 101))
                .withMessage("limit is 101; accepted: 1 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceSettings.NONE.with(PAUSE, Duration.ofHours(2)))
                .withMessage("pause is PT2H; accepted: PT0S to PT1H");
    }

    @Test
    void areDeclaredWithAFallbackInTheirRangeAndANameOfTheFile() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Count("limit", 0, 1, 100, "how many"))
                .withMessage("limit is 0; accepted: 1 to 100");
        assertThatIllegalArgumentException().isThrownBy(() -> new Count("Limit", 1, 1, 100, "how many"));
    }

    private record Limited(int limit) {}

    private static final class LimitedFactory implements ServiceFactory<Limited> {

        @Override
        public String name() {
            return "limited";
        }

        @Override
        public Class<Limited> type() {
            return Limited.class;
        }

        @Override
        public List<ServiceSetting<?>> settings() {
            return List.of(LIMIT);
        }

        @Override
        public void check(ServiceSettings settings) {
            if (settings.get(LIMIT) == 13) {
                throw new IllegalArgumentException("limit is 13, which brings bad luck");
            }
        }

        @Override
        public Limited create(ServiceContext context) {
            return new Limited(context.settings().get(LIMIT));
        }
    }

    @Test
    void reachTheFactoryThatMakesAService() {
        try (ServiceCache cache = ServiceCache.builder()
                .factory(new LimitedFactory())
                .settings("limited", ServiceSettings.NONE.with(LIMIT, 7))
                .build()) {
            assertThat(cache.get("alice", Limited.class)).isEqualTo(new Limited(7));
        }
        try (ServiceCache cache =
                ServiceCache.builder().factory(new LimitedFactory()).build()) {
            assertThat(cache.get("alice", Limited.class)).isEqualTo(new Limited(10));
        }
    }

    @Test
    void areCheckedByTheFactoryBeforeAnythingIsMade() {
        ServiceCache.Builder builder = ServiceCache.builder()
                .factory(new LimitedFactory())
                .settings("limited", ServiceSettings.NONE.with(LIMIT, 13));

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("limit is 13, which brings bad luck");
    }
}
