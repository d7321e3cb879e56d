package io.memfuse.config.platform;

import io.memfuse.config.Origin;
import io.memfuse.config.Origins;
import io.memfuse.config.key.ServiceSettingKey;
import io.memfuse.config.read.Reading;
import io.memfuse.config.value.Nearest;
import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.NodePath;
import io.memfuse.config.yaml.Place;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the settings of services, which are known only when the platform is put together. */
public final class ServiceSettingsReader {

    private static final NodePath SERVICES = NodePath.ROOT.child("services");

    private final Origins origins;
    private final Problems problems;

    private ServiceSettingsReader(Reading reading) {
        this.origins = reading.config().origins();
        this.problems = reading.problems();
    }

    /** Returns the settings of each service that has any; what is wrong is added to the problems of what was read. */
    public static Map<String, ServiceSettings> read(Reading reading, Factories factories) {
        var reader = new ServiceSettingsReader(reading);
        Map<String, ServiceSettings> settings = new HashMap<>();
        reading.config()
                .services()
                .forEach((name, texts) ->
                        factories.named(name).ifPresent(factory -> settings.put(name, reader.read(factory, texts))));
        return settings;
    }

    private ServiceSettings read(ServiceFactory<?> factory, Map<String, String> texts) {
        int before = problems.met();
        NodePath path = SERVICES.child(factory.name());
        List<ServiceSettingKey<?>> keys = ServiceSettingKey.of(factory);
        ServiceSettings settings = ServiceSettings.NONE;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Value value = value(path.child(text.getKey()), text.getValue());
            Optional<ServiceSettingKey<?>> key = keys.stream()
                    .filter(known -> known.key().name().equals(text.getKey()))
                    .findFirst();
            if (key.isPresent()) {
                settings = key.get().read(value, settings, problems);
            } else {
                problems.add(value.place(), "unknown key", hint(text.getKey(), keys));
            }
        }
        if (problems.met() == before) {
            check(factory, settings, path);
        }
        return settings;
    }

    private void check(ServiceFactory<?> factory, ServiceSettings settings, NodePath path) {
        try {
            factory.check(settings);
        } catch (IllegalArgumentException refused) {
            problems.add(value(path, "").place(), String.valueOf(refused.getMessage()), null);
        }
    }

    private static String hint(String key, List<ServiceSettingKey<?>> keys) {
        return Nearest.hint(key, keys.stream().map(known -> known.key().name()).toList());
    }

    private Value value(NodePath path, String text) {
        Optional<Origin> origin = origins.of(path.toString());
        return new Value(
                text,
                origin.map(found -> new Place(found.file(), found.line(), found.column(), path))
                        .orElse(new Place(0, 0, path)),
                origin.map(Origin::environment).orElse(false));
    }
}
