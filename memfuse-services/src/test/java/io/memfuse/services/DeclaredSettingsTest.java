package io.memfuse.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceSetting;
import io.memfuse.core.service.ServiceSetting.Count;
import io.memfuse.core.service.ServiceSetting.Time;
import io.memfuse.core.service.ServiceSettings;
import io.memfuse.services.buffer.BufferServiceFactory;
import io.memfuse.services.memory.MemoryServiceFactory;
import io.memfuse.services.storage.StorageServiceFactory;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DeclaredSettingsTest {

    private static Map<String, Object> fallbacks(ServiceFactory<?> factory) {
        return factory.settings().stream().collect(Collectors.toMap(ServiceSetting::name, ServiceSetting::fallback));
    }

    @Test
    void ofTheBufferHaveDefaults() {
        assertThat(fallbacks(new BufferServiceFactory()))
                .isEqualTo(Map.of(
                        "capacity", 10_000,
                        "batch_size", 100,
                        "max_age", Duration.ofMillis(200),
                        "max_push_back", Duration.ofSeconds(5),
                        "min_backoff", Duration.ofMillis(100),
                        "max_backoff", Duration.ofSeconds(10),
                        "close_timeout", Duration.ofSeconds(10)));
    }

    @Test
    void ofTheMemoryHaveDefaults() {
        assertThat(fallbacks(new MemoryServiceFactory()))
                .isEqualTo(Map.of(
                        "max_role_chars", 64,
                        "max_text_chars", 262_144,
                        "max_metadata_chars", 65_536,
                        "chars_per_unit", 4_096,
                        "flush_timeout", Duration.ofSeconds(10)));
    }

    @Test
    void ofTheStorageAreNone() {
        assertThat(new StorageServiceFactory().settings()).isEmpty();
    }

    @Test
    void ofTheBufferMustGoTogether() {
        var factory = new BufferServiceFactory();
        factory.check(set(factory, "capacity", 100));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.check(set(factory, "capacity", 99)))
                .withMessage("batch_size is 100; accepted: 1 to capacity, which is 99");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.check(set(factory, "min_backoff", Duration.ofSeconds(11))))
                .withMessage("min_backoff is longer than max_backoff; make it shorter");
    }

    private static ServiceSettings set(ServiceFactory<?> factory, String name, Object value) {
        ServiceSetting<?> setting = factory.settings().stream()
                .filter(declared -> declared.name().equals(name))
                .findFirst()
                .orElseThrow();
        return setting instanceof Count count
                ? ServiceSettings.NONE.with(count, (Integer) value)
                : ServiceSettings.NONE.with((Time) setting, (Duration) value);
    }
}
