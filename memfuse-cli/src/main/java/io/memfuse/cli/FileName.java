package io.memfuse.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a file. An empty one, as a shell makes of a variable that is not set, would be the working directory. */
final class FileName implements ITypeConverter<Path> {

    @Override
    public Path convert(String value) {
        if (value.isBlank()) {
            throw new TypeConversionException("is empty; name a file");
        }
        try {
            return Path.of(value);
        } catch (InvalidPathException notAPath) {
            throw new TypeConversionException("is not a valid path");
        }
    }
}
