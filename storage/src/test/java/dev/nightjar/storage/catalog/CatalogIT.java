package dev.nightjar.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointTotals;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CatalogIT {

    private final Random random = new Random(20260101);
    private final UUID repository = UUID.randomUUID();
    private final ChunkTable chunks = new ChunkTable(repository);
    private final PackTable packs = new PackTable(repository);
    private final LeaseTable leases = new LeaseTable(repository);
    private final PointTable points = new PointTable(repository);
    private final RepositoryTable repositories = new RepositoryTable(repository);
    private CatalogDatabase database;

    @BeforeEach
    void freshCatalog() {
        database = CatalogDatabase.open(CatalogServer.freshDatabase());
        database.transact(repositories::register);
    }

    @Test
    void aConnectionThatBreaksWithinATransactionIsReportedByWhatBrokeIt() {
        assertThatThrownBy(() -> database.transact(connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
                    }
                }))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("terminating connection due to administrator command");
    }

    @Test
    void everyChunkOfAPackIsFoundWhereItLies() {
        int pack = newPack();
        List<ChunkEntry> entries = entries(5000);

        Set<Integer> holders =
                database.inTransaction(c -> chunks.record(c, pack, entries).packs());
        Map<ChunkKey, ChunkLocation> found = database.read(
                c -> chunks.locate(c, entries.stream().map(ChunkEntry::key).toList()));

        assertThat(holders).containsExactly(pack);
        assertThat(found).hasSize(5000);
        assertThat(entries)
                .allSatisfy(
                        e -> assertThat(found.get(e.key())).isEqualTo(new ChunkLocation(pack, e.frame(), e.place())));
    }

    @Test
    void anUnknownChunkIsNotFound() {
        assertThat(database.<Map<ChunkKey, Integer>>read(c -> chunks.livePacks(c, List.of(key()))))
                .isEmpty();
    }

    @Test
    void aChunkStoredTwiceKeepsItsFirstPlaceAndTheSecondRunLearnsOfIt() {
        int first = newPack();
        int second = newPack();
        List<ChunkEntry> entries = entries(10);
        database.transact(c -> chunks.record(c, first, entries.subList(0, 6)));

        Set<Integer> holders =
                database.inTransaction(c -> chunks.record(c, second, entries).packs());

        assertThat(holders).containsExactlyInAnyOrder(first, second);
        assertThat(livePack(entries.get(0))).isEqualTo(first);
        assertThat(livePack(entries.get(9))).isEqualTo(second);
    }

    @Test
    void aChunkTwiceInOnePackIsRecordedOnce() {
        int pack = newPack();
        ChunkEntry entry = entries(1).getFirst();
        Set<Integer> holders =
                database.inTransaction(c -> chunks.record(c, pack, List.of(entry, new ChunkEntry(entry.key(), 7, 0)))
                        .packs());
        assertThat(holders).containsExactly(pack);
    }

    @Test
    void chunksOfACondemnedPackAreUnknownToIngestReadableAndTakenOverByTheNextPack() {
        int doomed = newPack();
        List<ChunkEntry> entries = entries(3);
        database.transact(c -> chunks.record(c, doomed, entries));
        setState(doomed, PackState.CONDEMNED);
        assertThat(database.<Map<ChunkKey, Integer>>read(c -> chunks.livePacks(c, keys(entries))))
                .isEmpty();
        assertThat(database.<Map<ChunkKey, ChunkLocation>>read(c -> chunks.locate(c, keys(entries))))
                .hasSize(3);

        int heir = newPack();
        Set<Integer> holders =
                database.inTransaction(c -> chunks.record(c, heir, entries).packs());

        assertThat(holders).containsExactly(heir);
        assertThat(livePack(entries.get(1))).isEqualTo(heir);
    }

    @Test
    void chunksOfAnotherRepositoryAreNotSeen() {
        int pack = newPack();
        List<ChunkEntry> entries = entries(3);
        database.transact(c -> chunks.record(c, pack, entries));
        ChunkTable stranger = new ChunkTable(UUID.randomUUID());
        assertThat(database.<Map<ChunkKey, Integer>>read(c -> stranger.livePacks(c, keys(entries))))
                .isEmpty();
        assertThat(database.<Map<ChunkKey, ChunkLocation>>read(c -> stranger.locate(c, keys(entries))))
                .isEmpty();
    }

    @Test
    void runsThatStoreTheSameChunksAtOnceNeitherDeadlockNorDisagree() throws Exception {
        int runs = 6;
        List<ChunkEntry> entries = entries(2000);
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Set<Integer>>> results = IntStream.range(0, runs)
                .mapToObj(i -> {
                    int pack = newPack();
                    List<ChunkEntry> shuffled = new ArrayList<>(entries);
                    Collections.shuffle(shuffled, new Random(i));
                    return CompletableFuture.supplyAsync(
                            () -> {
                                await(start);
                                return database.<Set<Integer>>inTransaction(
                                        c -> chunks.record(c, pack, shuffled).packs());
                            },
                            task -> Thread.ofVirtual().start(task));
                })
                .toList();
        start.countDown();

        List<Set<Integer>> holders = new ArrayList<>();
        for (CompletableFuture<Set<Integer>> result : results) {
            holders.add(result.get(60, TimeUnit.SECONDS));
        }
        Set<Integer> holdersInTheEnd =
                Set.copyOf(database.<Map<ChunkKey, Integer>>read(c -> chunks.livePacks(c, keys(entries)))
                        .values());
        assertThat(holdersInTheEnd).hasSize(1);
        assertThat(holders).allSatisfy(h -> assertThat(h).containsAll(holdersInTheEnd));
    }

    @Test
    void recordingTheSamePackAgainGivesTheSameNumberAndBringsItBackToLife() {
        PackId id = packId();
        int number = database.inTransaction(c -> packs.record(c, id, ChunkKind.DATA, 10, 1, null));
        assertThat(database.<Integer>inTransaction(c -> packs.record(c, id, ChunkKind.DATA, 10, 1, null)))
                .isEqualTo(number);
        setState(number, PackState.CONDEMNED);
        assertThat(database.<Integer>inTransaction(c -> packs.record(c, id, ChunkKind.DATA, 10, 1, null)))
                .isEqualTo(number);
        assertThat(database.<Long>read(c -> packs.countLive(c, List.of(number))))
                .isEqualTo(1);
    }

    @Test
    void aPackThatIsBeingDeletedIsNeitherRecordedAgainNorRevived() {
        PackId id = packId();
        int number = database.inTransaction(c -> packs.record(c, id, ChunkKind.DATA, 10, 1, null));
        setState(number, PackState.DELETED);
        assertThatThrownBy(() -> database.<Integer>inTransaction(c -> packs.record(c, id, ChunkKind.DATA, 10, 1, null)))
                .isInstanceOf(StorageException.class);
        database.transact(c -> packs.revive(c, List.of(number)));
        assertThat(database.<Long>read(c -> packs.countLive(c, List.of(number))))
                .isZero();
    }

    @Test
    void packsThatAreNotLiveAreNotCounted() {
        int live = newPack();
        int condemned = newPack();
        setState(condemned, PackState.CONDEMNED);
        assertThat(database.<Long>read(c -> packs.countLive(c, List.of(live, condemned))))
                .isEqualTo(1);
    }

    @Test
    void aPackOfARunThatIsStillWritingIsNeitherLookedAtNorCondemned() {
        UUID run = UUID.randomUUID();
        begin(run, 1);
        int pack = database.inTransaction(c -> packs.record(c, packId(), ChunkKind.DATA, 10, 1, run));
        assertThat(database.<List<PackRow>>read(packs::settled)).isEmpty();
        assertThat(database.<Integer>inTransaction(c -> packs.condemn(c, List.of(pack))))
                .isZero();
        database.transact(c -> leases.end(c, run, 1));
        assertThat(database.<List<PackRow>>read(packs::settled)).hasSize(1);
        assertThat(database.<Integer>inTransaction(c -> packs.condemn(c, List.of(pack))))
                .isEqualTo(1);
    }

    @Test
    void aPackThatWasRecordedOnceMoreSinceTheMarkIsNotCondemned() {
        PackId id = packId();
        int again = database.inTransaction(c -> packs.record(c, id, ChunkKind.DATA, 10, 1, null));
        int old = newPack();
        Instant mark = database.read(repositories::now);
        database.<Integer>inTransaction(c -> packs.record(c, id, ChunkKind.DATA, 10, 1, null));
        int fresh = newPack();
        assertThat(database.<Integer>inTransaction(c -> packs.condemnOlder(c, List.of(again, old, fresh), mark)))
                .isEqualTo(1);
        assertThat(database.<Long>read(c -> packs.countLive(c, List.of(again, fresh))))
                .isEqualTo(2);
    }

    @Test
    void aHigherEpochTakesTheLeaseAndTheLowerOneNeverGetsItBack() {
        UUID run = UUID.randomUUID();
        assertThat(begin(run, 1)).isTrue();
        assertThat(begin(run, 1)).isTrue();
        assertThat(begin(run, 2)).isTrue();
        assertThat(begin(run, 1)).isFalse();
        assertThat(holds(run, 1)).isFalse();
        assertThat(holds(run, 2)).isTrue();
    }

    @Test
    void anEndedLeaseIsNotTakenAgainUnderItsEpochAndProtectsNothing() {
        UUID run = UUID.randomUUID();
        begin(run, 3);
        database.transact(c -> leases.protect(c, run, UUID.randomUUID(), new MapRoot(null, 4)));
        database.transact(c -> leases.end(c, run, 2));
        assertThat(holds(run, 3)).isTrue();
        assertThat(count("protected_root")).isEqualTo(1);
        database.transact(c -> leases.end(c, run, 3));
        assertThat(holds(run, 3)).isFalse();
        assertThat(begin(run, 3)).isFalse();
        assertThat(count("protected_root")).isZero();
    }

    @Test
    void aFencedRunLosesItsLease() {
        UUID run = UUID.randomUUID();
        begin(run, 3);
        database.transact(c -> leases.fence(c, run));
        assertThat(holds(run, 3)).isFalse();
    }

    @Test
    void aPointComesBackAsItWasWrittenOnceItIsComplete() {
        PointRecord full = point(new MapRoot(chunkId(), 1234), new Checkpoint("nightjar-1", "node0"), null);
        PointRecord empty = point(new MapRoot(null, 0), null, full.id());
        for (PointRecord point : List.of(full, empty)) {
            database.transact(c -> points.insert(c, point, PointState.PENDING));
            assertThat(database.<Boolean>read(c -> points.find(c, point.id()).isPresent()))
                    .isFalse();
        }
        int completed = database.inTransaction(c -> points.complete(c, List.of(full.id(), empty.id())));
        assertThat(completed).isEqualTo(2);
        assertThat(database.<List<PointRecord>>read(points::list)).containsExactlyInAnyOrder(full, empty);
    }

    @Test
    void aPointBeingDeletedIsGoneFromTheListAndRemembered() {
        PointRecord point = point(new MapRoot(null, 0), null, null);
        database.transact(c -> points.insert(c, point, PointState.COMPLETE));
        assertThat(database.<Boolean>inTransaction(c -> points.beginDelete(c, point.id())))
                .isTrue();
        assertThat(database.<Boolean>inTransaction(c -> points.beginDelete(c, point.id())))
                .isFalse();
        assertThat(database.<List<PointRecord>>read(points::list)).isEmpty();
        assertThat(database.<Map<UUID, PointState>>read(points::states)).containsEntry(point.id(), PointState.DELETING);
    }

    @Test
    void aWriterThatHoldsTheGenerationKeepsARebuildWaitingAndIsTurnedAwayAfterwards() throws Exception {
        long before =
                database.<java.util.OptionalLong>read(repositories::generation).orElseThrow();
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> database.transact(c -> {
            repositories.holdGeneration(c);
            holding.countDown();
            await(release);
        }));
        await(holding);
        CompletableFuture<Void> rebuild =
                CompletableFuture.runAsync(() -> database.transact(repositories::raiseGeneration));
        assertThat(database.<java.util.OptionalLong>read(repositories::generation))
                .hasValue(before);
        assertThat(rebuild).isNotDone();
        release.countDown();
        writer.get(30, TimeUnit.SECONDS);
        rebuild.get(30, TimeUnit.SECONDS);
        assertThat(database.<java.util.OptionalLong>inTransaction(repositories::holdGeneration))
                .hasValue(before + 1);
    }

    private int newPack() {
        return database.inTransaction(c -> packs.record(c, packId(), ChunkKind.DATA, 4096, 10, null));
    }

    private List<ChunkEntry> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ChunkEntry(key(), i / 16, i % 16))
                .toList();
    }

    private static List<ChunkKey> keys(List<ChunkEntry> entries) {
        return entries.stream().map(ChunkEntry::key).toList();
    }

    private int livePack(ChunkEntry entry) {
        return database.read(c -> chunks.livePacks(c, List.of(entry.key())).get(entry.key()));
    }

    private void setState(int pack, PackState state) {
        database.transact(c -> {
            try (var statement = c.prepareStatement("UPDATE catalog.pack SET state = ? WHERE id = ?")) {
                statement.setString(1, state.name());
                statement.setInt(2, pack);
                statement.executeUpdate();
            }
        });
    }

    private boolean begin(UUID run, long epoch) {
        return database.inTransaction(c -> leases.begin(c, run, epoch));
    }

    private boolean holds(UUID run, long epoch) {
        return database.inTransaction(c -> leases.hold(c, run, epoch));
    }

    private int count(String table) {
        return database.read(c -> {
            try (var statement = c.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM catalog." + table)) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    private PointRecord point(MapRoot root, Checkpoint checkpoint, UUID parent) {
        return new PointRecord(
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                "mächine",
                "vda",
                Instant.parse("2026-02-03T04:05:06.123456789Z"),
                80_000_000L,
                root,
                "CRASH",
                CaptureMode.FULL,
                checkpoint,
                parent,
                new PointTotals(5, 4, 3, 2, 1),
                new DamagedRanges(List.of(new DamagedRanges.Range(512, 1024), new DamagedRanges.Range(4096, 1))),
                UUID.randomUUID());
    }

    private ChunkKey key() {
        return ChunkKey.of(chunkId());
    }

    private synchronized ChunkId chunkId() {
        return ChunkId.of(bytes());
    }

    private synchronized PackId packId() {
        return PackId.of(bytes());
    }

    private byte[] bytes() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
