package io.memfuse.it.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The code that documents show between fences, and the code that is compiled, between markers. */
final class Fences {

    private static final Pattern SNIPPET =
            Pattern.compile("^( *)// snippet: (\\S+)\\R(.*?)^ *// end\\R", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("^```java\\R(.*?)^```\\R", Pattern.MULTILINE | Pattern.DOTALL);

    private Fences() {}

    /** Returns what a document of the project shows, in its order. */
    static List<String> shown(Path document) throws IOException {
        return FENCE.matcher(Files.readString(Path.of("..").resolve(document)))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Returns what is marked in a class of this package, in its order. */
    static List<String> compiled(String source) throws IOException {
        return SNIPPET.matcher(Files.readString(Path.of("src/test/java/io/memfuse/it/docs", source)))
                .results()
                .map(found ->
                        found.group(3).replaceAll("(?m)^ {" + found.group(1).length() + "}", ""))
                .toList();
    }
}
