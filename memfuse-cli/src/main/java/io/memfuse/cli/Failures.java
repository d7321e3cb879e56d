package io.memfuse.cli;

import io.memfuse.cli.console.ConsoleException;
import io.memfuse.cli.embedded.EmbeddedPostgresException;
import io.memfuse.config.ConfigException;
import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What a command says when it fails: one message, no stack trace. The trace is in the log of {@code --verbose}. */
final class Failures implements IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        LOG.debug("{} failed", command.getCommandName(), failure);
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigException wrong) {
            wrong.problems().forEach(err::println);
            return ExitStatus.WRONG_INPUT;
        }
        err.println("memfuse: " + describe(failure));
        return failure instanceof ConsoleException console && console.isOfWrongSettings()
                ? ExitStatus.WRONG_INPUT
                : ExitStatus.FAILURE;
    }

    private static String describe(Exception failure) {
        if (failure instanceof InterruptedException || failure instanceof CancellationException) {
            return "interrupted";
        }
        if (failure instanceof EmbeddedPostgresException || hasStableCode(failure)) {
            return String.valueOf(failure.getMessage());
        }
        return "unexpected " + failure.getClass().getSimpleName() + ": " + failure.getMessage()
                + "; run again with --verbose to see where";
    }

    /** Our own errors say themselves what to do. */
    private static boolean hasStableCode(Exception failure) {
        return failure.getMessage() != null && failure.getMessage().startsWith("[MemFuse/");
    }
}
