package io.memfuse.it.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws quantities over time as an SVG, one strip below the other, each from zero. */
final class TimelineChart {

    private static final int WIDTH = 720;
    private static final int STRIP = 110;
    private static final int PLOT = 70;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 30;

    private final List<Sample> samples;
    private final StringBuilder strips = new StringBuilder();
    private int count;

    TimelineChart(List<Sample> samples) {
        this.samples = samples;
    }

    TimelineChart strip(String name, String colour, ToDoubleFunction<Sample> quantity) {
        int base = TOP + count++ * STRIP + PLOT;
        double most = samples.stream().mapToDouble(quantity).max().orElse(1);
        double scale = Math.max(1, most * 1.15);
        var points = new StringBuilder();
        for (Sample sample : samples) {
            points.append(
                    format("%.1f,%.1f ", x(sample.seconds()), base - quantity.applyAsDouble(sample) / scale * PLOT));
        }
        strips.append(format(
                "<text x=\"%d\" y=\"%d\" font-weight=\"bold\" fill=\"%s\">%s</text>%n",
                LEFT, base - PLOT - 6, colour, name));
        strips.append(format(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#9ca3af\"/>%n",
                LEFT, base, WIDTH - RIGHT, base));
        strips.append(
                format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#4b5563\">0</text>%n", LEFT - 8, base + 4));
        strips.append(format(
                "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#4b5563\">%.0f</text>%n",
                LEFT - 8, base - most / scale * PLOT + 4, most));
        strips.append(format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>%n",
                points.toString().trim(), colour));
        return this;
    }

    String svg() {
        int height = TOP + count * STRIP + 10;
        var svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n",
                WIDTH, height, WIDTH, height));
        svg.append(strips);
        for (int part = 0; part <= 6; part++) {
            double seconds = last() * part / 6;
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#4b5563\">%s</text>%n",
                    x(seconds),
                    height - 14,
                    last() >= 120 ? format("%.0f min", seconds / 60) : format("%.1f s", seconds)));
        }
        return svg.append("</svg>\n").toString();
    }

    private double last() {
        return samples.get(samples.size() - 1).seconds();
    }

    private double x(double seconds) {
        return LEFT + seconds / last() * (WIDTH - LEFT - RIGHT);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
