package io.memfuse.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** The program with its streams, which tests replace. */
final class Program {

    private final PrintStream out;
    private final PrintStream err;
    private final CommandLine commandLine;

    /**
     * Makes the program.
     *
     * @param out takes the results
     * @param err takes progress, errors and logs
     * @param termination tells when to end
     */
    Program(PrintStream out, PrintStream err, Termination termination) {
        this.out = out;
        this.err = err;
        commandLine = new CommandLine(new MemFuseCommand())
                .addSubcommand(new RunCommand(out, err, termination))
                .addSubcommand(new CheckCommand(out, err))
                .addSubcommand(new StressCommand(out, err))
                .addSubcommand(new HelpCommand())
                .setOut(new PrintWriter(out, true, Charset.defaultCharset()))
                .setErr(new PrintWriter(err, true, Charset.defaultCharset()))
                .setParameterExceptionHandler(Program::onWrongUsage)
                .setExecutionExceptionHandler(new Failures());
    }

    /** Runs one command and returns one of {@link ExitStatus}. */
    int execute(String... args) {
        int status = commandLine.execute(args);
        // A stream of the JDK keeps to itself that a write failed, until it is asked.
        if (out.checkError()) {
            err.println(
                    "memfuse: cannot write the report to standard output; see that its disk is not full, and that the"
                            + " program that reads it still runs");
            return ExitStatus.FAILURE;
        }
        return status;
    }

    private static int onWrongUsage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("memfuse: " + describe(wrong));
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("try '" + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitStatus.WRONG_INPUT;
    }

    private static String describe(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        if (command.getParent() == null
                && wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            return "there is no command '" + unmatched.getUnmatched().get(0) + "'; there are "
                    + String.join(", ", command.getSubcommands().keySet());
        }
        return String.valueOf(wrong.getMessage());
    }
}
