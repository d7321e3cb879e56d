package io.memfuse.bench.report;

import java.time.LocalDate;

/**
 * Where and how a run was made.
 *
 * @param cpu the processor's model
 * @param cores what the JVM may use of it
 * @param system the operating system
 * @param jdk the JDK's full version and vendor
 * @param jdkFeature the JDK's feature release, such as 17
 * @param date the day
 * @param mode how thoroughly it was measured, in words
 */
public record Environment(
        String cpu, int cores, String system, String jdk, int jdkFeature, LocalDate date, String mode) {}
