package io.memfuse.bench;

import io.memfuse.bench.report.BenchmarksPage;
import io.memfuse.bench.report.Environment;
import io.memfuse.bench.report.Group;
import io.memfuse.bench.report.MarkdownReport;
import io.memfuse.bench.report.Results;
import io.memfuse.bench.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program behind {@code memfuse-bench/run}. */
public final class Main {

    private static final int FAILURE = 1;
    private static final int USAGE_ERROR = 2;

    private Main() {}

    /** Measures, prints the tables and writes the page. */
    public static void main(String[] arguments) throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        try {
            run(Options.parse(List.of(arguments), Path.of(System.getProperty("memfuse.root", "."))));
        } catch (Options.UsageException e) {
            System.err.println("memfuse-bench: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(USAGE_ERROR);
        } catch (IOException e) {
            System.err.println("memfuse-bench: cannot write the page: " + e);
            System.exit(FAILURE);
        }
    }

    private static void run(Options options) throws IOException, InterruptedException, Options.UsageException {
        var catalogue = Catalogue.of(options);
        if (catalogue.groups().isEmpty()) {
            throw new Options.UsageException("--only: there is no such group, or only a full run has it");
        }
        Files.createDirectories(options.logs());
        requireWritable(options.page().toAbsolutePath());
        List<Group> groups = catalogue.groups();
        Results results = new Campaign(options, System.err).run(catalogue.measures());
        Environment environment = Machine.environment(options.mode());
        TextReport.lines(groups, results).forEach(System.out::println);
        String section = MarkdownReport.section(environment, groups, results);
        Path page = options.page();
        String before = Files.exists(page) ? Files.readString(page) : "";
        Files.writeString(page, BenchmarksPage.with(before, environment.jdkFeature(), section));
        System.out.println("written to " + page.getFileName());
    }

    /** What takes minutes must not be lost at its end. */
    private static void requireWritable(Path page) throws Options.UsageException {
        boolean writable = Files.exists(page)
                ? Files.isRegularFile(page) && Files.isWritable(page)
                : page.getParent() != null && Files.isWritable(page.getParent());
        if (!writable) {
            throw new Options.UsageException("--out: cannot write '" + page.getFileName() + "' there");
        }
    }
}
