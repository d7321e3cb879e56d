package io.memfuse.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Keeps the packages of the core in their order: each may use those before it, and none after it. */
class ArchitectureTest {

    private static final List<String> ORDER =
            List.of("time", "thread", "lock", "pool", "registry", "monitor", "health", "jmx", "service", "startup");

    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.memfuse.core");

    @TestFactory
    List<DynamicTest> noPackageUsesOneAfterIt() {
        return ORDER.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String[] after = ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size()).stream()
                            .map(later -> "io.memfuse.core." + later)
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage("io.memfuse.core." + name)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(after)
                            .check(core);
                }))
                .toList();
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        classes()
                .should()
                .resideInAnyPackage(
                        ORDER.stream().map(name -> "io.memfuse.core." + name).toArray(String[]::new))
                .check(core);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.memfuse.core.(*)").should().beFreeOfCycles().check(core);
    }

    @Test
    void servicesKnowNoPools() {
        noClasses()
                .that()
                .resideInAPackage("io.memfuse.core.service")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.memfuse.core.pool", "io.memfuse.core.registry")
                .check(core);
    }

    /** So nobody is hurt when it jumps. */
    @Test
    void nobodyLooksAtTheWallClock() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Date.class)
                .check(core);
    }

    @Test
    void theCoreNeedsTheJdkAndSlf4jOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.memfuse.core..",
                        "java..",
                        "javax.management",
                        "jdk.jfr",
                        "org.slf4j",
                        "org.jspecify.annotations")
                .check(core);
    }
}
