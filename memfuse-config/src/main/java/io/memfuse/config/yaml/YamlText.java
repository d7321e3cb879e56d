package io.memfuse.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Gets the text of a file, or says why there is none: bounded in size, strict UTF-8, characters that YAML accepts. */
public final class YamlText {

    /** Bytes in a file. */
    static final int MAX_BYTES = 1 << 20;

    private YamlText() {}

    /** Returns the text of {@code file}; empty if it cannot be had, which is then reported. */
    public static Optional<String> read(Path file, ProblemSink problems) {
        if (Files.isDirectory(file)) {
            problems.add(Place.DOCUMENT, "is a directory", "name the file in it");
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return decode(in.readNBytes(MAX_BYTES + 1), problems);
        } catch (IOException unreadable) {
            addUnreadable(unreadable, problems);
            return Optional.empty();
        }
    }

    static void addUnreadable(IOException failure, ProblemSink problems) {
        if (failure instanceof NoSuchFileException) {
            problems.add(Place.DOCUMENT, "there is no such file", "check the path");
        } else if (failure instanceof AccessDeniedException) {
            problems.add(Place.DOCUMENT, "may not be read by this user", "check its permissions");
        } else {
            problems.add(Place.DOCUMENT, "cannot be read: " + failure.getClass().getSimpleName(), null);
        }
    }

    /** Returns the text of {@code bytes}; empty if they are too many or no text, which is then reported. */
    static Optional<String> decode(byte[] bytes, ProblemSink problems) {
        if (bytes.length > MAX_BYTES) {
            problems.add(
                    Place.DOCUMENT, "is larger than " + MAX_BYTES / 1024 + " KiB", "check that it is the right file");
            return Optional.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            problems.add(placeAfter(text), "is not UTF-8 from here on", "save the file as UTF-8");
            return Optional.empty();
        }
        return check(text.startsWith("\uFEFF") ? text.substring(1) : text, problems);
    }

    /** Returns {@code text}; empty if YAML does not accept one of its characters, which is then reported. */
    public static Optional<String> check(String text, ProblemSink problems) {
        OptionalInt refused = firstUnprintable(text);
        if (refused.isEmpty()) {
            return Optional.of(text);
        }
        int index = refused.getAsInt();
        problems.add(
                placeAfter(text.substring(0, index)),
                String.format("the character U+%04X is not accepted", text.codePointAt(index)),
                "check that it is a text file");
        return Optional.empty();
    }

    private static OptionalInt firstUnprintable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isPrintable(text.codePointAt(i))) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** As production 1 of YAML 1.2.2, {@code c-printable}. */
    private static boolean isPrintable(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0x7E)
                || c == 0x85
                || (c >= 0xA0 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
    }

    private static Place placeAfter(String text) {
        int lineStart = text.lastIndexOf('\n') + 1;
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        return new Place(line, text.codePointCount(lineStart, text.length()) + 1, NodePath.ROOT);
    }
}
