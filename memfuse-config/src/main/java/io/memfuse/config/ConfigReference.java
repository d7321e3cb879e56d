package io.memfuse.config;

import io.memfuse.config.effective.JsonText;
import io.memfuse.config.key.ConnectionPoolKeys;
import io.memfuse.config.key.DatabaseKey;
import io.memfuse.config.key.DatabaseKeys;
import io.memfuse.config.key.MonitoringKeys;
import io.memfuse.config.key.ServiceSettingKey;
import io.memfuse.config.kind.Key;
import io.memfuse.config.kind.Schemas;
import io.memfuse.config.kind.TextRule;
import io.memfuse.core.service.ServiceFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a configuration file may have, as documents: the JSON Schema by which editors complete and check the file, and the
 * tables of the reference. Both come from the declarations by which the file is read. Immutable and thread-safe.
 */
public final class ConfigReference {

    private final List<ServiceFactory<?>> services;

    /** @param services the kinds of services whose settings are described */
    public ConfigReference(Iterable<? extends ServiceFactory<?>> services) {
        List<ServiceFactory<?>> all = new ArrayList<>();
        services.forEach(all::add);
        all.removeIf(factory -> factory.settings().isEmpty());
        all.sort((one, other) -> one.name().compareTo(other.name()));
        this.services = List.copyOf(all);
    }

    /** Returns the JSON Schema (draft 7) as text. */
    public String schema() {
        return JsonText.of(schemaObject());
    }

    Map<String, Object> schemaObject() {
        Map<String, Object> properties = Schemas.object(
                "defaults",
                described("what every database inherits", object(keys(DatabaseKeys.INHERITED))),
                "databases",
                Schemas.object(
                        "description",
                        "the databases, by the names that programs ask for",
                        "type",
                        "object",
                        "propertyNames",
                        Schemas.object("pattern", TextRule.KEY_PATTERN),
                        "additionalProperties",
                        object(databaseKeys(DatabaseKeys.OF_A_DATABASE))),
                "connection_pool",
                connectionPool(),
                "services",
                services(),
                "monitoring",
                described("what is measured, and how health is looked after", object(keys(MonitoringKeys.values()))));
        Map<String, Object> schema = Schemas.object(
                "$schema", "http://json-schema.org/draft-07/schema#", "title", "The configuration of MemFuse");
        schema.putAll(object(properties));
        schema.put(
                "anyOf",
                List.of(
                        Schemas.object("required", List.of("databases")),
                        Schemas.object("required", List.of("connection_pool"))));
        schema.put("definitions", Schemas.object("variable", Schemas.object("type", "string", "pattern", "\\$\\{")));
        return schema;
    }

    private static Map<String, Object> connectionPool() {
        Map<String, Object> entry = object(databaseKeys(DatabaseKeys.OF_AN_ENTRY));
        entry.put(
                "anyOf",
                List.of(
                        Schemas.object("required", List.of(DatabaseKeys.DATABASE.name())),
                        Schemas.object("required", List.of(DatabaseKeys.URL.name()))));
        Map<String, Object> warmups = described(
                "the databases whose pools are opened at the start: names of databases, or databases of their own",
                Schemas.object("type", "array", "items", Schemas.object("anyOf", List.of(Schemas.text(), entry))));
        Map<String, Object> precache = keys(ConnectionPoolKeys.precacheValues());
        precache.put(
                ConnectionPoolKeys.SERVICES,
                described(
                        "names of the services that are made",
                        Schemas.object("type", "array", "minItems", 1, "items", Schemas.text())));
        Map<String, Object> precacheEntry = object(precache);
        precacheEntry.put("required", List.of(ConnectionPoolKeys.USER.name(), ConnectionPoolKeys.SERVICES));
        Map<String, Object> properties = keys(ConnectionPoolKeys.values());
        properties.put(ConnectionPoolKeys.WARMUP_CONFIGS, warmups);
        properties.put(
                ConnectionPoolKeys.PRECACHE_CONFIGS,
                described(
                        "the users whose services are made at the start",
                        Schemas.object("type", "array", "items", precacheEntry)));
        return described("what is opened and made at the start, and what bounds the open pools", object(properties));
    }

    private Map<String, Object> services() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (ServiceFactory<?> factory : services) {
            properties.put(factory.name(), object(keys(keysOf(factory))));
        }
        return Schemas.object(
                "description",
                "the settings of each service, by its name",
                "type",
                "object",
                "properties",
                properties,
                "additionalProperties",
                Schemas.object("type", "object", "additionalProperties", Schemas.text()));
    }

    private static Map<String, Object> databaseKeys(List<DatabaseKey<?>> keys) {
        Map<String, Object> properties = keys(keys);
        properties.put(DatabaseKeys.URL.name(), property(DatabaseKeys.URL));
        return properties;
    }

    private static Map<String, Object> keys(List<?> keys) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Object declared : keys) {
            Key<?> key = declared instanceof DatabaseKey<?> database ? database.key() : (Key<?>) declared;
            properties.put(key.name(), property(key));
        }
        return properties;
    }

    private static Map<String, Object> property(Key<?> key) {
        String absent = key.absent().equals(Key.REQUIRED) ? Key.REQUIRED : "default: " + key.absent();
        return described(
                key.meaning().replace("`", "") + " (" + absent + ")", key.kind().schema());
    }

    private static Map<String, Object> described(String description, Map<String, Object> schema) {
        Map<String, Object> described = Schemas.object("description", description);
        described.putAll(schema);
        return described;
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        return Schemas.object("type", "object", "properties", properties, "additionalProperties", false);
    }

    private static List<Key<?>> keysOf(ServiceFactory<?> factory) {
        return ServiceSettingKey.of(factory).stream()
                .<Key<?>>map(ServiceSettingKey::key)
                .toList();
    }

    /** Returns the tables of the reference, in Markdown, by the section of the file that each describes. */
    public Map<String, String> tables() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("defaults", table(keysOf(DatabaseKeys.INHERITED)));
        tables.put("databases", table(List.of(DatabaseKeys.DATABASE.key(), DatabaseKeys.URL)));
        tables.put("warmup_configs", table(List.of(DatabaseKeys.NAME.key())));
        tables.put("connection_pool", table(ConnectionPoolKeys.values()));
        tables.put("precache_configs", table(ConnectionPoolKeys.precacheValues()));
        tables.put("monitoring", table(MonitoringKeys.values()));
        services.forEach(factory -> tables.put("services." + factory.name(), table(keysOf(factory))));
        return tables;
    }

    private static List<Key<?>> keysOf(List<DatabaseKey<?>> keys) {
        return keys.stream().<Key<?>>map(DatabaseKey::key).toList();
    }

    private static String table(List<Key<?>> keys) {
        return Stream.concat(
                        Stream.of("| key | default | accepted | meaning |", "| --- | --- | --- | --- |"),
                        keys.stream().map(ConfigReference::row))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(Key<?> key) {
        return "| `" + key.name() + "` | " + key.absent() + " | " + key.kind().accepted() + " | " + key.meaning()
                + " |";
    }
}
