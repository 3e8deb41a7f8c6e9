package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.s3.FaultyFront;
import dev.nightjar.storage.blob.s3.FaultyFront.Fault;
import dev.nightjar.storage.blob.s3.ImpatientS3;
import dev.nightjar.storage.blob.s3.S3BlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.repository.FaultBench.Operation;
import dev.nightjar.testkit.S3Proxy;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An object store that answers with errors, half, late or not at all. One bad answer is got over; many in a row fail what is going on, are never taken for damage or for
 * something that is not there, and lose nothing.
 */
@Timeout(3600)
class StoreFaultsIT {

    private static final Path JAR = Path.of("target/peers/s3proxy.jar").toAbsolutePath();
    private static final Duration IN_TESTS = Duration.ofSeconds(8);
    private static final int FOR_GOOD = 1_000_000;

    /** As often as a request is tried: it fails, and all others are answered well. */
    private static final int EVERY_ATTEMPT = 5;

    /** Bad answers to try. There are so many that each pass takes a part of them. */
    private record Case(Operation operation, int request, Fault fault, int many) {}

    @Test
    void badAnswersAreGotOverOrFailWhatIsGoingOnAndNothingElse() {
        Campaign campaign = Campaign.begin("faults of an object store", IN_TESTS);
        Random random = campaign.random();
        try (TempDirectory directory = TempDirectory.create();
                S3Proxy server = S3Proxy.start(JAR, directory.path())) {
            server.createBucket("backups");
            try (FaultyFront front = FaultyFront.before(server.uri());
                    S3BlobStore blobs = ImpatientS3.open("backups", front.uri(), directory.resolve("spool"));
                    FaultBench bench = new FaultBench(blobs, CatalogServer.freshDatabase(), random)) {
                tryAll(campaign, random, bench, front);
            }
        }
    }

    private static void tryAll(Campaign campaign, Random random, FaultBench bench, FaultyFront front) {
        Map<Fault, Integer> done = new EnumMap<>(Fault.class);
        int failed = 0;
        boolean first = true;
        while (first || campaign.hasTime()) {
            for (Case one : cases(bench, front, random)) {
                if ((!first || !campaign.whole()) && !campaign.hasTime()) {
                    break;
                }
                String what = campaign.seeded(one.toString());
                bench.prepare(one.operation);
                front.arm(one.request, one.many, one.fault);
                StorageErrorCode code = attempt(bench, one.operation);
                int injected = front.disarm();
                // Slowness within reason is no failure.
                boolean mayFail = one.many > 1 && one.fault != Fault.TRICKLE && injected > 0;
                assertThat(code).as(what).isIn(null, mayFail ? StorageErrorCode.STORE_UNAVAILABLE : null);
                failed += code == null ? 0 : 1;
                done.merge(one.fault, injected, Integer::sum);
                bench.settle(true, what);
                bench.check(what);
                if (code != null) {
                    bench.repeat(one.operation);
                    bench.check(what);
                }
            }
            first = false;
        }
        bench.checkFromScratch();
        campaign.report("bad answers " + done + "; " + failed + " operations failed");
    }

    private static List<Case> cases(FaultBench bench, FaultyFront front, Random random) {
        List<Case> cases = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            bench.prepare(operation);
            front.arm(0, 0, Fault.ERROR_500);
            bench.perform(operation);
            int seen = front.seen();
            for (Fault fault : Fault.values()) {
                IntStream.rangeClosed(1, seen).forEach(request -> {
                    if (random.nextInt(3) == 0) {
                        cases.add(new Case(operation, request, fault, 1));
                    }
                    // Every attempt at every request takes its time.
                    if (random.nextInt(20) == 0) {
                        cases.add(new Case(operation, request, fault, FOR_GOOD));
                    }
                });
            }
        }
        Collections.shuffle(cases, random);
        cases.addAll(0, unansweredPuts(bench, front));
        return cases;
    }

    /** What was put is believed to be there if the store has said so, and only then. */
    private static List<Case> unansweredPuts(FaultBench bench, FaultyFront front) {
        bench.prepare(Operation.FULL);
        front.arm(0, 0, Fault.ERROR_500);
        bench.perform(Operation.FULL);
        return front.puts().stream()
                .map(request -> new Case(Operation.FULL, request, Fault.ERROR_500, EVERY_ATTEMPT))
                .toList();
    }

    private static @Nullable StorageErrorCode attempt(FaultBench bench, Operation operation) {
        try {
            bench.perform(operation);
            return null;
        } catch (StorageException e) {
            return e.code();
        }
    }
}
