package io.memfuse.config.key;

import io.memfuse.config.kind.DurationRange;
import io.memfuse.config.kind.IntRange;
import io.memfuse.config.kind.Key;
import io.memfuse.config.kind.Kind;
import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceSetting;
import io.memfuse.core.service.ServiceSetting.Count;
import io.memfuse.core.service.ServiceSetting.Time;
import io.memfuse.core.service.ServiceSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A setting of a service as a key of the file.
 *
 * @param key the key
 * @param setting the setting that its factory declares
 * @param <T> the value
 */
public record ServiceSettingKey<T>(Key<T> key, ServiceSetting<T> setting) {

    /** Returns the keys of the services that {@code factory} makes. */
    public static List<ServiceSettingKey<?>> of(ServiceFactory<?> factory) {
        List<ServiceSettingKey<?>> keys = new ArrayList<>();
        for (ServiceSetting<?> setting : factory.settings()) {
            keys.add(
                    setting instanceof Count count
                            ? of(count, new IntRange(count.min(), count.max()))
                            : of((Time) setting, times((Time) setting)));
        }
        return keys;
    }

    private static DurationRange times(Time time) {
        Duration least = time.min().isZero() ? Duration.ofMillis(1) : time.min();
        return new DurationRange(least, time.max(), time.min().isZero() ? "none" : "");
    }

    private static <T> ServiceSettingKey<T> of(ServiceSetting<T> setting, Kind.OfValue<T> kind) {
        return new ServiceSettingKey<>(
                new Key<>(setting.name(), kind, kind.show(setting.fallback()), setting.meaning()), setting);
    }

    /** Returns {@code settings} with this one, or as they are if {@code value} is wrong, which is then reported. */
    public ServiceSettings read(Value value, ServiceSettings settings, Problems problems) {
        return ((Kind.OfValue<T>) key.kind())
                .parse(value, problems)
                .map(parsed -> settings.with(setting, parsed))
                .orElse(settings);
    }

    /** Returns the value in {@code settings}, for people. */
    public String show(ServiceSettings settings) {
        return key.kind().show(settings.get(setting));
    }
}
