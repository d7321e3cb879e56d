package io.memfuse.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Keeps the packages below the API in their order: each may use those before it, and none after it. */
class ArchitectureTest {

    private static final String ROOT = "io.memfuse.config";

    private static final List<String> ORDER =
            List.of("yaml", "value", "secret", "kind", "url", "key", "read", "platform", "effective", "reload");

    private final JavaClasses config = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @TestFactory
    List<DynamicTest> noPackageUsesOneAfterIt() {
        return ORDER.subList(0, ORDER.size() - 1).stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String[] after = ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size()).stream()
                            .map(later -> ROOT + "." + later)
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + name)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(after)
                            .check(config);
                }))
                .toList();
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        classes()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .resideInAnyPackage(
                        ORDER.stream().map(name -> ROOT + "." + name).toArray(String[]::new))
                .check(config);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)").should().beFreeOfCycles().check(config);
    }

    /** Of the API they use what is data: records, and the exception that carries problems. */
    @Test
    void nothingBelowUsesWhatIsBuiltOnIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        MemFuse.class,
                        MemFuseModule.class,
                        ConfigReader.class,
                        ConfigReference.class,
                        Assembly.class,
                        PlatformModule.class,
                        DatabaseBindings.class,
                        CheckModule.class)
                .check(config);
    }
}
