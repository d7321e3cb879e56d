package io.memfuse.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program without a command: says which there are. */
@Command(
        name = "memfuse",
        description = "Many connection pools in one JVM, one per database, none waiting for another.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all went well",
            "1:a request of stress failed, or anything that the others do not name",
            "2:the configuration or the command line is wrong; nothing was started",
            "3:run started, but an entry of the configuration failed"
        })
final class MemFuseCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens, with stack traces, to standard error.")
    void setVerbose(boolean verbose) {
        if (verbose) {
            Logs.verbose();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: run, check or stress");
    }
}
