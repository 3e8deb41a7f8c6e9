package dev.nightjar.storage;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the packages of the storage may know of each other and of the world. */
@AnalyzeClasses(packages = "dev.nightjar.storage", importOptions = DoNotIncludeTests.class)
class StorageArchitectureTest {

    private static final String ROOT = "dev.nightjar.storage";

    @ArchTest
    static final ArchRule noPackageCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noSpringJpaOrQuartz = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..", "jakarta..", "javax.persistence..", "org.hibernate..", "org.quartz..");

    @ArchTest
    static final ArchRule nothingOfTheOtherModules = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.nightjar.nbd..", "dev.nightjar.service..", "dev.nightjar.testkit..", "io.netty..");

    @ArchTest
    static final ArchRule ingestDoesNotSeeRecover = neverSees("ingest", "recover");

    @ArchTest
    static final ArchRule recoverDoesNotSeeIngest = neverSees("recover", "ingest");

    @ArchTest
    static final ArchRule chunksKnowNothing = knowsOnly("chunk");

    @ArchTest
    static final ArchRule blobsKnowNothing = knowsOnly("blob");

    @ArchTest
    static final ArchRule framesKnowChunks = knowsOnly("seal", "chunk");

    @ArchTest
    static final ArchRule mapsKnowChunksAndNotWhereNodesLie = knowsOnly("map", "chunk");

    @ArchTest
    static final ArchRule packsKnowFramesAndBlobs = knowsOnly("pack", "chunk", "seal", "blob");

    @ArchTest
    static final ArchRule overlaysKnowNothing = knowsOnly("overlay");

    @ArchTest
    static final ArchRule serveDoesNotSeeIngest = neverSees("serve", "ingest");

    @ArchTest
    static final ArchRule nothingSeesCopy = noClasses()
            .that()
            .resideOutsideOfPackage(in("copy"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(in("copy"));

    @ArchTest
    static final ArchRule scrubKnowsWhatItProves =
            knowsOnly("scrub", "blob", "catalog", "chunk", "key", "map", "pack", "point", "seal");

    // What it moves counts as reclaimed.
    @ArchTest
    static final ArchRule healingKnowsWhatItMends =
            knowsOnly("heal", "blob", "catalog", "chunk", "key", "pack", "point", "reclaim", "seal");

    @ArchTest
    static final ArchRule reclaimDoesNotSeeHealing = neverSees("reclaim", "heal");

    @ArchTest
    static final ArchRule locksDoNotSeeIngest = neverSees("lock", "ingest");

    @ArchTest
    static final ArchRule locksDoNotSeeReclaim = neverSees("lock", "reclaim");

    @ArchTest
    static final ArchRule keysKnowBlobsAndWhatTheyAreFor = knowsOnly("key", "chunk", "seal", "blob");

    @ArchTest
    static final ArchRule offlineSeesNoIngest = neverSees("offline", "ingest");

    @ArchTest
    static final ArchRule offlineSeesNoRepositoryWithACatalog = neverSees("offline", "repository");

    @ArchTest
    static final ArchRule theRootHasOnlyErrors = classes()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(ROOT, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule onlyTheCatalogAndWhatSetsItUpKnowsJdbc = noClasses()
            .that()
            .resideInAnyPackage(in("chunk"), in("seal"), in("pack"), in("map"), in("blob"), in("key"), in("offline"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.flywaydb..");

    @ArchTest
    static final ArchRule onlyTheSealKnowsZstd = noClasses()
            .that()
            .resideOutsideOfPackage(in("seal"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.github.luben..");

    private static ArchRule neverSees(String one, String other) {
        return noClasses()
                .that()
                .resideInAPackage(in(one))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in(other))
                .allowEmptyShould(true);
    }

    /** A package may know the root, itself, these others, and nothing else of the storage. */
    private static ArchRule knowsOnly(String one, String... others) {
        String[] allowed = new String[others.length + 2];
        allowed[0] = ROOT;
        allowed[1] = in(one);
        for (int i = 0; i < others.length; i++) {
            allowed[i + 2] = in(others[i]);
        }
        return classes()
                .that()
                .resideInAPackage(in(one))
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(ROOT + "..")).or(resideInAnyPackage(allowed)));
    }

    private static String in(String name) {
        return ROOT + "." + name + "..";
    }
}
