package io.memfuse.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws how long requests waited as an SVG: for each curve, which share of them (upwards) waited no longer than so long (to
 * the right, each line ten times the one before). Not thread-safe.
 */
final class LatencyChart {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int RIGHT = 20;
    private static final int BOTTOM = 50;
    private static final int POINTS = 200;
    private static final double SHORTEST_MILLIS = 0.0001;
    private static final List<String> COLOURS = List.of("#c2410c", "#0369a1", "#15803d", "#7e22ce");

    private static final class Curve {
        final String name;
        final double[] sortedMillis;

        Curve(String name, double[] sortedMillis) {
            this.name = name;
            this.sortedMillis = sortedMillis;
        }
    }

    private final String title;
    private final List<Curve> curves = new ArrayList<>();

    LatencyChart(String title) {
        this.title = title;
    }

    /** Adds a curve. */
    LatencyChart curve(String name, double[] sortedMillis) {
        curves.add(new Curve(name, sortedMillis.clone()));
        return this;
    }

    /** Returns the picture. */
    String svg() {
        int from = (int) Math.floor(Math.log10(least()));
        int to = (int) Math.ceil(Math.log10(most()));
        int last = Math.max(to, from + 1);
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT,
                LEFT,
                title));
        for (int decade = from; decade <= last; decade++) {
            double x = x(Math.pow(10, decade), from, last);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e5e7eb\"/>%n"
                            + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#4b5563\">%s</text>%n",
                    x,
                    TOP,
                    x,
                    HEIGHT - BOTTOM,
                    x,
                    HEIGHT - BOTTOM + 18,
                    decade < 0
                            ? String.format(Locale.ROOT, "%." + -decade + "f", Math.pow(10, decade))
                            : String.format(Locale.ROOT, "%.0f", Math.pow(10, decade))));
        }
        for (int percent = 0; percent <= 100; percent += 25) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e5e7eb\"/>%n"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#4b5563\">%d %%</text>%n",
                    LEFT,
                    y(percent / 100.0),
                    WIDTH - RIGHT,
                    y(percent / 100.0),
                    LEFT - 8,
                    y(percent / 100.0) + 4,
                    percent));
        }
        for (int i = 0; i < curves.size(); i++) {
            draw(curves.get(i), COLOURS.get(i % COLOURS.size()), i, from, last, svg);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(Curve curve, String colour, int number, int from, int to, StringBuilder svg) {
        var points = new StringBuilder();
        double[] times = curve.sortedMillis;
        for (int i = 0; i <= POINTS && times.length > 0; i++) {
            double share = (double) i / POINTS;
            double millis = times[(int) Math.min(times.length - 1L, Math.round(share * (times.length - 1)))];
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(millis, from, to), y(share)));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n"
                        + "<text x=\"%d\" y=\"%d\" fill=\"%s\" font-weight=\"bold\">%s</text>%n",
                points.toString().trim(),
                colour,
                LEFT + 12,
                TOP + 18 + number * 18,
                colour,
                curve.name));
    }

    private double least() {
        return curves.stream()
                .filter(curve -> curve.sortedMillis.length > 0)
                .mapToDouble(curve -> Math.max(SHORTEST_MILLIS, curve.sortedMillis[0]))
                .min()
                .orElse(1);
    }

    private double most() {
        return curves.stream()
                .filter(curve -> curve.sortedMillis.length > 0)
                .mapToDouble(curve -> Math.max(SHORTEST_MILLIS, curve.sortedMillis[curve.sortedMillis.length - 1]))
                .max()
                .orElse(10);
    }

    private static double x(double millis, int from, int to) {
        double share = (Math.log10(Math.max(SHORTEST_MILLIS, millis)) - from) / (to - from);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }
}
