package io.memfuse.core.service;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The settings of one kind of service. Immutable and thread-safe. */
public final class ServiceSettings {

    /** Nothing is set: every setting is what it falls back to. */
    public static final ServiceSettings NONE = new ServiceSettings(Map.of());

    private final Map<ServiceSetting<?>, Object> values;

    private ServiceSettings(Map<ServiceSetting<?>, Object> values) {
        this.values = values;
    }

    /** Returns the value of a setting. */
    public <T> T get(ServiceSetting<T> setting) {
        @SuppressWarnings("unchecked") // put there by with(..), under the setting's own type
        T set = (T) values.get(setting);
        return set == null ? setting.fallback() : set;
    }

    /**
     * Returns these settings with one more, or another one.
     *
     * @throws IllegalArgumentException if it is out of range; the message names it and the range
     */
    public <T> ServiceSettings with(ServiceSetting<T> setting, T value) {
        Objects.requireNonNull(value, "value");
        boolean accepted = setting instanceof ServiceSetting.Count count
                ? isBetween((Integer) value, count.min(), count.max())
                : isBetween((Duration) value, (Duration) setting.min(), (Duration) setting.max());
        if (!accepted) {
            throw new IllegalArgumentException(
                    setting.name() + " is " + value + "; accepted: " + setting.min() + " to " + setting.max());
        }
        Map<ServiceSetting<?>, Object> more = new HashMap<>(values);
        more.put(setting, value);
        return new ServiceSettings(Map.copyOf(more));
    }

    private static <T extends Comparable<T>> boolean isBetween(T value, T min, T max) {
        return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceSettings settings && settings.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Returns what is set, by name. */
    @Override
    public String toString() {
        Map<String, Object> byName = new TreeMap<>();
        values.forEach((setting, value) -> byName.put(setting.name(), value));
        return byName.toString();
    }
}
