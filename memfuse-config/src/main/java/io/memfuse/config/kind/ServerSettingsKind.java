package io.memfuse.config.kind;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Run-time parameters of the server: a mapping of names that PostgreSQL knows, not we. */
public enum ServerSettingsKind implements Kind<Map<String, String>> {
    KIND;

    @Override
    public Optional<Map<String, String>> read(Section section, String key) {
        return section.section(key).map(own -> own.texts(TextRule.SERVER_SETTING_NAME, TextRule.SERVER_SETTING));
    }

    @Override
    public String show(Map<String, String> value) {
        return value.isEmpty() ? "none" : TextRule.SERVER_SETTING.show(new TreeMap<>(value).toString());
    }

    @Override
    public String accepted() {
        return "names with texts";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.object("type", "object", "additionalProperties", Schemas.text());
    }
}
