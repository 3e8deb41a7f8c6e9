package dev.nightjar.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.persistence.Entity;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.data.repository.Repository;
import org.springframework.web.bind.annotation.RestController;

/** What the design says about the inside of the service, beyond {@link ModulesTest}. */
@AnalyzeClasses(packages = "dev.nightjar.service", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLES =
            slices().matching("dev.nightjar.service.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ROWS_STAY_IN_THEIR_MODULE =
            classes().that().areAnnotatedWith(Entity.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule TABLES_STAY_IN_THEIR_MODULE =
            classes().that().areAssignableTo(Repository.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule CONTROLLERS_BELONG_TO_FEATURES = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .and()
            .areNotAssignableTo(ErrorController.class)
            .should()
            .bePackagePrivate()
            .andShould()
            .resideOutsideOfPackages(
                    "dev.nightjar.service",
                    "dev.nightjar.service.web..",
                    "dev.nightjar.service.access..",
                    "dev.nightjar.service.config..",
                    "dev.nightjar.service.error..");

    @ArchTest
    static final ArchRule NOBODY_CALLS_A_CONTROLLER =
            noClasses().should().dependOnClassesThat().areAnnotatedWith(RestController.class);

    @ArchTest
    static final ArchRule ONLY_CONFIG_KNOWS_THE_EMBEDDED_DATABASE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.nightjar.service.config")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.zonky..");

    @ArchTest
    static final ArchRule WEB_STAYS_OUT_OF_THE_DOMAIN = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Controller")
            .and()
            .resideOutsideOfPackages("dev.nightjar.service.web..", "dev.nightjar.service.access..")
            .and()
            .haveNameNotMatching(".*RunEvents.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework.web..");

    @ArchTest
    static final ArchRule DEPENDENCIES_COME_BY_CONSTRUCTOR =
            fields().should().notBeAnnotatedWith(Autowired.class).andShould().notBeAnnotatedWith(Value.class);
}
