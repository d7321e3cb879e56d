package io.memfuse.cli;

/** The entry of the program {@code memfuse}. */
public final class Main {

    private Main() {}

    /** Runs the command that {@code args} name, and exits with one of {@link ExitStatus}. */
    public static void main(String[] args) {
        Logs.quiet();
        Termination termination = Termination.install(Thread.currentThread());
        int status = new Program(System.out, System.err, termination).execute(args);
        termination.finished(status);
        System.exit(status);
    }
}
