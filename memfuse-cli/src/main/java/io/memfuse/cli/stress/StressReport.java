package io.memfuse.cli.stress;

import io.memfuse.cli.output.Json;
import io.memfuse.cli.output.Table;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalInt;
import tools.jackson.core.JsonGenerator;

/** The result of a stress test as tables, or as one JSON object. */
public final class StressReport {

    private StressReport() {}

    public static void printTable(StressResult result, PrintStream out) {
        var latencies = new Table("MILLISECONDS", "P50", "P99", "MAX").number(1, 2, 3);
        addRow(latencies, "service access", result.serviceAccess());
        addRow(latencies, "connection acquisition", result.acquire());
        addRow(latencies, "whole request", result.request());
        latencies.lines().forEach(out::println);
        out.println();
        var counts = new Table("COUNT", "BEFORE", "PEAK", "AFTER").number(1, 2, 3);
        counts.row(
                "server backends",
                text(result.backends().before()),
                text(result.backends().peak()),
                text(result.backends().after()));
        counts.row(
                "JVM threads",
                Integer.toString(result.threads().before()),
                "-",
                Integer.toString(result.threads().after()));
        counts.lines().forEach(out::println);
        out.println();
        result.explanations().forEach(explanation -> out.println("error: " + explanation));
        out.printf(
                Locale.ROOT,
                "%d requests, %d errors, %.0f requests per second%n",
                result.requests(),
                result.errors(),
                result.throughputPerSecond());
    }

    private static void addRow(Table table, String name, LatencySummary summary) {
        table.row(name, text(summary, summary.p50()), text(summary, summary.p99()), text(summary, summary.max()));
    }

    private static String text(LatencySummary summary, double millis) {
        return summary.count() == 0 ? "-" : rounded(millis).toPlainString();
    }

    private static String text(OptionalInt count) {
        return count.isPresent() ? Integer.toString(count.getAsInt()) : "-";
    }

    public static void printJson(StressResult result, PrintStream out) {
        Json.print(out, json -> {
            json.writeNumberProperty("requests", result.requests());
            json.writeNumberProperty("errors", result.errors());
            json.writeNumberProperty("throughput_per_second", rounded(result.throughputPerSecond()));
            write(json, "service_access_ms", result.serviceAccess());
            write(json, "acquire_ms", result.acquire());
            write(json, "request_ms", result.request());
            write(json, "peak_backends", result.backends().peak());
            write(json, "backends_before", result.backends().before());
            write(json, "backends_after", result.backends().after());
            json.writeNumberProperty("threads_before", result.threads().before());
            json.writeNumberProperty("threads_after", result.threads().after());
        });
    }

    private static void write(JsonGenerator json, String name, OptionalInt count) {
        if (count.isPresent()) {
            json.writeNumberProperty(name, count.getAsInt());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static void write(JsonGenerator json, String name, LatencySummary summary) {
        json.writeObjectPropertyStart(name);
        write(json, "p50", summary, summary.p50());
        write(json, "p99", summary, summary.p99());
        write(json, "max", summary, summary.max());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, LatencySummary summary, double millis) {
        if (summary.count() == 0) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, rounded(millis));
        }
    }

    /** Microseconds are the finest that is worth to be read. */
    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    }
}
