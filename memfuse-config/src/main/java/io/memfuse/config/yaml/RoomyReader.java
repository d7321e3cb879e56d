package io.memfuse.config.yaml;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;

/**
 * Never fills the array that it is given. The YAML library reads one more character if an array ends with the first half of a
 * pair, and does not look whether there is room for it.
 */
final class RoomyReader extends FilterReader {

    private RoomyReader(Reader in) {
        super(in);
    }

    static Reader of(String text) {
        return new RoomyReader(new StringReader(text));
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        return super.read(into, offset, length > 1 ? length - 1 : length);
    }
}
