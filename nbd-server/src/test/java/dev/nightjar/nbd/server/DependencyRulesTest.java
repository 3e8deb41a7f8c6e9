package dev.nightjar.nbd.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.nightjar.nbd", importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyRulesTest {

    @ArchTest
    static final ArchRule LAYERS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.nightjar.nbd.server..", "dev.nightjar.nbd.protocol..")
            .layer("server")
            .definedBy("dev.nightjar.nbd.server")
            .optionalLayer("transport")
            .definedBy("dev.nightjar.nbd.server.transport")
            .optionalLayer("handshake")
            .definedBy("dev.nightjar.nbd.server.handshake")
            .optionalLayer("transmission")
            .definedBy("dev.nightjar.nbd.server.transmission")
            .layer("tls")
            .definedBy("dev.nightjar.nbd.server.tls")
            .layer("export")
            .definedBy("dev.nightjar.nbd.server.export")
            .layer("protocol")
            .definedBy("dev.nightjar.nbd.protocol")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("server")
            .whereLayer("tls")
            .mayOnlyBeAccessedByLayers("server", "transport")
            .whereLayer("handshake")
            .mayOnlyBeAccessedByLayers("server", "transport")
            .whereLayer("transmission")
            .mayOnlyBeAccessedByLayers("server", "transport");

    @ArchTest
    static final ArchRule ONLY_TRANSPORT_AND_FACADE_KNOW_SOCKETS = noClasses()
            .that()
            .resideInAnyPackage("..server.handshake", "..server.transmission", "..server.export")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "io.netty.bootstrap..", "java.net..", "java.nio.channels..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.nightjar.nbd.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_FRAMEWORKS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta..", "org.quartz..");
}
