package io.memfuse.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of the page, which are resources of this package. Thread-safe. */
final class PageFiles {

    /** Nothing that leads elsewhere. */
    private static final Pattern NAME = Pattern.compile("/(uplot/)?[a-zA-Z-]+(\\.[a-z]+)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Answer> read = new ConcurrentHashMap<>();

    /** Returns the file of a path, if there is one. */
    Optional<Answer> find(String path) {
        String name = path.equals("/") ? "/index.html" : path;
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(read.computeIfAbsent(name, unused -> read(name, type)));
    }

    @SuppressWarnings("NullAway") // null is no entry of the map
    private static Answer read(String name, String type) {
        try (InputStream in = PageFiles.class.getResourceAsStream(name.substring(1))) {
            return in == null ? null : new Answer(200, type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
