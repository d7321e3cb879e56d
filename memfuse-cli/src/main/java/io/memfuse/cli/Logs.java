package io.memfuse.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** The log of the program, on standard error. Set up here, not in a file: a program that parses none starts faster. */
final class Logs {

    private static final String OURS = "io.memfuse";

    /** One line for each event: what a user can do stands in the message, where it happened in the verbose log. */
    private static final String QUIET = "%d{HH:mm:ss} %-5level %msg%n%nopex";

    private static final String VERBOSE = "%d{HH:mm:ss.SSS} %-5level [%thread] %logger{0} - %msg%n";

    private Logs() {}

    /** Logs defects only: a start and its report say themselves what went wrong. */
    static void quiet() {
        LoggerContext context = write(QUIET);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.ERROR);
    }

    /** Logs, from now on, what needs somebody's attention in a program that serves; more if that was asked for. */
    static void attentive() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (!context.getLogger(OURS).isWarnEnabled()) {
            context.getLogger(OURS).setLevel(Level.WARN);
        }
    }

    /** Logs what happens, with stack traces. */
    static void verbose() {
        LoggerContext context = write(VERBOSE);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        context.getLogger(OURS).setLevel(Level.DEBUG);
    }

    private static LoggerContext write(String pattern) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        return context;
    }
}
