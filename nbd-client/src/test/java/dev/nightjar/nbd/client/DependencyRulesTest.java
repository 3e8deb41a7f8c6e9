package dev.nightjar.nbd.client;

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
            .consideringOnlyDependenciesInAnyPackage("dev.nightjar.nbd..")
            .layer("client")
            .definedBy("dev.nightjar.nbd.client")
            .layer("transport")
            .definedBy("dev.nightjar.nbd.client.transport")
            .layer("handshake")
            .definedBy("dev.nightjar.nbd.client.handshake")
            .layer("transmission")
            .definedBy("dev.nightjar.nbd.client.transmission")
            .layer("extent")
            .definedBy("dev.nightjar.nbd.client.extent")
            .layer("tls")
            .definedBy("dev.nightjar.nbd.client.tls")
            .layer("protocol")
            .definedBy("dev.nightjar.nbd.protocol")
            .whereLayer("client")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("client")
            .whereLayer("extent")
            .mayOnlyBeAccessedByLayers("client")
            .whereLayer("tls")
            .mayOnlyBeAccessedByLayers("client", "transport", "handshake")
            .whereLayer("handshake")
            .mayOnlyBeAccessedByLayers("client", "transport")
            .whereLayer("transmission")
            .mayOnlyBeAccessedByLayers("client", "transport");

    @ArchTest
    static final ArchRule ONLY_TRANSPORT_AND_FACADE_KNOW_SOCKETS = noClasses()
            .that()
            .resideInAnyPackage("..handshake", "..transmission", "..extent")
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
