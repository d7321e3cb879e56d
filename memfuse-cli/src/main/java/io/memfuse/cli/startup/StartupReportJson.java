package io.memfuse.cli.startup;

import io.memfuse.cli.output.Json;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.startup.StartupReport.Entry;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import java.io.PrintStream;
import tools.jackson.core.JsonGenerator;

/** The report as one JSON object. */
public final class StartupReportJson {

    private StartupReportJson() {}

    /** Prints the report on one line. */
    public static void print(StartupReport report, PrintStream out) {
        Json.print(out, json -> write(report, json));
    }

    /** Writes the properties of the report. */
    public static void write(StartupReport report, JsonGenerator json) {
        json.writeArrayPropertyStart("pools");
        report.pools().forEach(entry -> write(entry, json));
        json.writeEndArray();
        json.writeArrayPropertyStart("services");
        report.services().forEach(entry -> write(entry, json));
        json.writeEndArray();
        json.writeNumberProperty("ready_millis", report.readyAfter().toMillis());
    }

    private static void write(PoolEntry entry, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("key", entry.key().toString());
        json.writeStringProperty("provider", entry.key().provider());
        json.writeStringProperty("state", entry.state().name());
        json.writeNumberProperty("connections", entry.connections());
        writeEnding(entry, json);
    }

    private static void write(ServiceEntry entry, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("user", entry.key().user());
        json.writeStringProperty("service", entry.key().service());
        json.writeStringProperty("state", entry.state().name());
        writeEnding(entry, json);
    }

    private static void writeEnding(Entry entry, JsonGenerator json) {
        json.writeNumberProperty("millis", entry.took().toMillis());
        entry.error()
                .ifPresentOrElse(
                        error -> json.writeStringProperty("error", error), () -> json.writeNullProperty("error"));
        json.writeEndObject();
    }
}
