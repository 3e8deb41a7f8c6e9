package dev.nightjar.storage.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.PackWriter;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.point.DamagedRanges.Range;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.seal.FrameOpener;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage of every kind, done to copies of the golden repositories, is told for what it is: not less, not more. */
class RepositoryCheckTest {

    private static final int CHUNK = 4096;
    private static final CheckOptions STRUCTURE = new CheckOptions(false, Set.of());

    private final MemoryBlobStore store = GoldenStore.load("plain");
    private final Map<UUID, byte[]> expected = disks(open(store));

    @Test
    void aRepositoryThatNobodyTouchedIsSound() {
        CheckReport report = check();
        assertThat(report.isSound()).isTrue();
        assertThat(report.points()).isEqualTo(6);
        assertThat(report.bytesRead()).isEqualTo(report.packBytes());
        assertThat(report.foreign()).isEmpty();
        assertThat(report.unproven()).isEmpty();
    }

    @Test
    void aFlippedBitAnywhereInAPackIsFoundAndReachesWhatCannotBeRead() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (String pack : GoldenStore.packs(store)) {
            byte[] good = store.get(pack);
            // Header, the first frame, somewhere, directory, trailer.
            for (int at : List.of(
                    random.nextInt(32),
                    40,
                    random.nextInt(good.length),
                    good.length - 30,
                    good.length - 1 - random.nextInt(24))) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << random.nextInt(8));
                store.corrupt(pack, bad);
                CheckReport report = check();
                assertThat(report.isSound()).as(pack + " at " + at).isFalse();
                assertThat(report.flaws()).extracting(Flaw::blob).containsExactly(pack);
                assertThatReachIsExact(report);
                store.corrupt(pack, good);
            }
        }
    }

    @Test
    void aPackThatIsCutOffOrMissingOrAnotherOneReachesWhatCannotBeRead() {
        for (String pack : GoldenStore.packs(store)) {
            byte[] good = store.get(pack);
            store.corrupt(pack, Arrays.copyOf(good, good.length * 2 / 3));
            assertThatReachIsExact(damaged(pack));
            store.corrupt(pack, Arrays.copyOf(good, 10));
            assertThatReachIsExact(damaged(pack));

            store.delete(pack);
            CheckReport missing = check();
            assertThat(missing.flaws()).isEmpty();
            assertThat(missing.unreadable()).isNotEmpty();
            assertThat(missing.unreadable())
                    .allSatisfy(part ->
                            assertThat(part.missingChunks() + part.mapNodes()).isPositive());
            assertThatReachIsExact(missing);
            store.corrupt(pack, good);
        }
        assertThat(check().isSound()).isTrue();
    }

    @Test
    void packsThatChangedPlacesAreFoundAndHideNothing() {
        List<String> data = GoldenStore.packs(store, 1);
        byte[] first = store.get(data.get(0));
        store.corrupt(data.get(0), store.get(data.get(1)));
        store.corrupt(data.get(1), first);
        CheckReport report = check();
        assertThat(report.flaws()).extracting(Flaw::blob).containsExactlyInAnyOrder(data.get(0), data.get(1));
        // Every chunk is there, if in another place, and its id says that it is the right one.
        assertThat(report.unreadable()).isEmpty();
        assertThatReachIsExact(report);
        assertThat(OfflineRepository.openLocked(store)
                        .check(CheckOptions.EVERYTHING, Progress.NONE)
                        .isSound())
                .isFalse();
    }

    @Test
    void aRecordThatWasTamperedWithIsFoundAndTheOtherPointsAreSound() {
        String record = store.list("points/").toList().getFirst().name();
        byte[] good = store.get(record);
        for (int at = 0; at < good.length; at += 7) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            store.corrupt(record, bad);
            if (at == 7) {
                // The version: newer, and not damaged.
                assertThatThrownBy(this::check).satisfies(RepositoryCheckTest::isNewer);
                continue;
            }
            CheckReport report = check();
            assertThat(report.flaws()).extracting(Flaw::blob).containsExactly(record);
            assertThat(report.points()).isEqualTo(5);
            assertThat(report.unreadable()).isEmpty();
        }
        store.corrupt(record, store.get(store.list("points/").toList().getLast().name()));
        assertThat(check().flaws()).extracting(Flaw::blob).containsExactly(record);
        store.delete(record);
        assertThat(check().isSound()).isTrue();
        assertThat(check().points()).isEqualTo(5);
    }

    @Test
    void withoutPayloadOnlyWhatDirectoriesAndMapsTellIsNoticed() {
        String pack = GoldenStore.packs(store, 1).getFirst();
        byte[] bad = store.get(pack);
        bad[100] ^= 1;
        store.corrupt(pack, bad);
        CheckReport report = open(store).check(STRUCTURE, Progress.NONE);
        assertThat(report.isSound()).isTrue();
        assertThat(report.bytesRead()).isZero();
        assertThat(report.unproven()).hasSize(1);

        store.delete(pack);
        assertThat(open(store).check(STRUCTURE, Progress.NONE).unreadable()).isNotEmpty();
        String map = GoldenStore.packs(store, 2).getFirst();
        byte[] node = store.get(map);
        node[60] ^= 1;
        store.corrupt(map, node);
        assertThat(open(store).check(STRUCTURE, Progress.NONE).unreadable())
                .anySatisfy(part -> assertThat(part.mapNodes()).isPositive());
    }

    @Test
    void onePointIsCheckedWithThePacksThatItNeeds() {
        List<PointUse> points = open(store).facts(Progress.NONE).points();
        String pack = GoldenStore.packs(store, 1).getFirst();
        byte[] bad = store.get(pack);
        bad[100] ^= 1;
        store.corrupt(pack, bad);
        Set<UUID> affected = new HashSet<>();
        check().unreadable().forEach(part -> affected.add(part.point().id()));
        assertThat(affected).isNotEmpty();
        for (PointUse use : points) {
            UUID id = use.point().id();
            CheckReport report = open(store).check(new CheckOptions(true, Set.of(id)), Progress.NONE);
            assertThat(report.points()).isEqualTo(1);
            assertThat(!report.unreadable().isEmpty()).isEqualTo(affected.contains(id));
            assertThat(report.bytesRead()).isLessThanOrEqualTo(report.packBytes());
        }
        CheckOptions unknown = new CheckOptions(true, Set.of(UUID.randomUUID()));
        assertThatThrownBy(() -> open(store).check(unknown, Progress.NONE))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.POINT_NOT_FOUND));
    }

    @Test
    void aCopyOfADamagedChunkIsReadInItsPlace() {
        RepositoryIdentity identity = RepositoryIdentity.look(store, new Unlock.Nothing());
        PackReader reader = new PackReader(store, identity.config().repositoryId(), new FrameOpener());
        List<String> data = GoldenStore.packs(store, 1);
        try (PackWriter copy =
                new PackWriter(store, ChunkKind.DATA, identity.config().repositoryId(), 1 << 20)) {
            for (String name : data) {
                StoredPack pack = reader.directory(PackId.ofBlobName(name).orElseThrow());
                for (PackEntry entry : pack.entries()) {
                    copy.append(reader.stored(pack.id(), entry));
                }
            }
            copy.finish();
        }
        for (String name : data) {
            byte[] bad = store.get(name);
            Arrays.fill(bad, 32, bad.length / 2, (byte) 0x5a);
            store.corrupt(name, bad);
        }
        CheckReport report = check();
        assertThat(report.flaws()).extracting(Flaw::blob).containsExactlyInAnyOrderElementsOf(data);
        assertThat(report.unreadable()).isEmpty();
        assertThat(disks(open(store))).allSatisfy((id, disk) -> assertThat(disk).isEqualTo(expected.get(id)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"packs/", "points/", "config", "keys/"})
    void aStoreThatDoesNotAnswerIsNoDamage(String where) {
        BlobStore silent = new SilentStore(store, where, StorageErrorCode.STORE_UNAVAILABLE);
        assertThatThrownBy(() -> OfflineRepository.open(silent, new Unlock.Nothing())
                        .check(CheckOptions.EVERYTHING, Progress.NONE))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.STORE_UNAVAILABLE));
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndTheOthersAreChecked() {
        List<String> packs = GoldenStore.packs(store);
        byte[] damaged = store.get(packs.getLast());
        for (String unreadable : Stream.concat(
                        packs.stream(), store.list("points/").map(BlobInfo::name))
                .toList()) {
            BlobStore failing = new SilentStore(store, unreadable, StorageErrorCode.REPOSITORY_IO_ERROR);
            CheckReport report = open(failing).check(CheckOptions.EVERYTHING, Progress.NONE);
            assertThat(report.flaws()).singleElement().satisfies(flaw -> {
                assertThat(flaw.blob()).isEqualTo(unreadable);
                assertThat(flaw.code()).isEqualTo(StorageErrorCode.REPOSITORY_IO_ERROR);
            });
            assertThat(report.isSound()).isFalse();
            assertThat(report.isDamaged()).as("nobody can tell").isFalse();
            assertThat(report.unreadable().isEmpty()).isEqualTo(unreadable.startsWith("points/"));
        }
        byte[] bad = damaged.clone();
        bad[40] ^= 1;
        store.corrupt(packs.getLast(), bad);
        BlobStore failing = new SilentStore(store, packs.getFirst(), StorageErrorCode.REPOSITORY_IO_ERROR);
        CheckReport report = open(failing).check(CheckOptions.EVERYTHING, Progress.NONE);
        assertThat(report.flaws()).extracting(Flaw::blob).containsExactlyInAnyOrder(packs.getFirst(), packs.getLast());
        assertThat(report.isDamaged()).isTrue();
    }

    @Test
    void aFileThatIsNoPackIsNamedAndLeftAlone() {
        store.corrupt("packs/readme", new byte[] {1});
        store.corrupt("points/readme", new byte[] {1});
        CheckReport report = check();
        assertThat(report.isSound()).isTrue();
        assertThat(report.foreign()).containsExactlyInAnyOrder("packs/readme", "points/readme");
    }

    @Test
    void whatIsDeletedOrMovedWhileItIsCheckedIsNoDamage() {
        RepositoryIdentity identity = RepositoryIdentity.look(store, new Unlock.Nothing());
        // As reclaim does beside a check: once the packs were listed, all frames move to new packs, and the old ones
        // go.
        ChangingStore changing = new ChangingStore(store, "packs/", () -> {
            PackReader reader = new PackReader(store, identity.config().repositoryId(), new FrameOpener());
            for (int kind = 1; kind <= 2; kind++) {
                try (PackWriter copy = new PackWriter(
                        store, ChunkKind.of((byte) kind), identity.config().repositoryId(), 1 << 20)) {
                    for (String name : GoldenStore.packs(store, kind)) {
                        StoredPack pack =
                                reader.directory(PackId.ofBlobName(name).orElseThrow());
                        pack.entries().forEach(entry -> copy.append(reader.stored(pack.id(), entry)));
                        store.delete(name);
                    }
                    copy.finish();
                }
            }
        });
        CheckReport report =
                OfflineRepository.open(changing, new Unlock.Nothing()).check(CheckOptions.EVERYTHING, Progress.NONE);
        assertThat(changing.changed()).isTrue();
        assertThat(report.flaws()).isEmpty();
        assertThat(report.unreadable()).isEmpty();
        assertThat(report.points()).isEqualTo(6);
    }

    @Test
    void aPointThatIsDeletedWithItsPacksWhileItIsCheckedIsNoDamage() {
        ChangingStore changing = new ChangingStore(store, "packs/", () -> {
            store.list("points/").toList().forEach(blob -> store.delete(blob.name()));
            GoldenStore.packs(store).forEach(store::delete);
        });
        CheckReport report =
                OfflineRepository.open(changing, new Unlock.Nothing()).check(CheckOptions.EVERYTHING, Progress.NONE);
        assertThat(changing.changed()).isTrue();
        assertThat(report.isSound()).isTrue();
    }

    @Test
    void withoutTheKeyEveryByteOfThePacksIsProvenAndItSaysWhatIsNot() {
        MemoryBlobStore encrypted = GoldenStore.load("encrypted");
        CheckReport sound = OfflineRepository.openLocked(encrypted).check(CheckOptions.EVERYTHING, Progress.NONE);
        assertThat(sound.isSound()).isTrue();
        assertThat(sound.bytesRead()).isEqualTo(sound.packBytes());
        assertThat(sound.unproven()).hasSize(1);
        Random random = new Random(5);
        for (String pack : GoldenStore.packs(encrypted)) {
            byte[] good = encrypted.get(pack);
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= 8;
            encrypted.corrupt(pack, bad);
            CheckReport report = OfflineRepository.openLocked(encrypted).check(CheckOptions.EVERYTHING, Progress.NONE);
            assertThat(report.flaws()).extracting(Flaw::blob).containsExactly(pack);
            encrypted.corrupt(pack, good);
        }
        assertThatThrownBy(() -> OfflineRepository.open(encrypted, new Unlock.Nothing()))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.REPOSITORY_LOCKED));
        assertThatThrownBy(() -> OfflineRepository.open(encrypted, new Unlock.Passphrase("not that, certainly")))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.PASSPHRASE_WRONG));
    }

    @Test
    void whatPointsNeedIsCounted() {
        RepositoryFacts facts = open(store).facts(Progress.NONE);
        assertThat(facts.records()).isEqualTo(6);
        assertThat(facts.points()).allSatisfy(use -> assertThat(use.whole()).isTrue());
        PackTotals data = facts.packs().get(ChunkKind.DATA);
        assertThat(data.liveBytes()).isEqualTo(data.bytes());
        // Without all but one point a part is dead, and everything that is left is that point's alone.
        facts.points().stream()
                .skip(1)
                .forEach(use -> store.delete("points/" + use.point().id()));
        RepositoryFacts less = open(store).facts(Progress.NONE);
        assertThat(less.packs().get(ChunkKind.DATA).liveBytes()).isPositive().isLessThan(data.bytes());
        long live =
                less.packs().values().stream().mapToLong(PackTotals::liveBytes).sum();
        assertThat(less.points().getFirst().uniqueBytes()).isBetween(live - 10, live + 10);
    }

    private CheckReport damaged(String pack) {
        CheckReport report = check();
        assertThat(report.flaws()).extracting(Flaw::blob).containsExactly(pack);
        return report;
    }

    private CheckReport check() {
        return open(store).check(CheckOptions.EVERYTHING, Progress.NONE);
    }

    private static OfflineRepository open(BlobStore blobs) {
        return OfflineRepository.open(blobs, new Unlock.Nothing());
    }

    /** Exactly the chunks that the report names cannot be read; all others are what they were. */
    private void assertThatReachIsExact(CheckReport report) {
        OfflineRepository repository = open(store);
        Map<UUID, UnreadablePart> parts = new HashMap<>();
        report.unreadable().forEach(part -> parts.put(part.point().id(), part));
        for (PointUse use : repository.facts(Progress.NONE).points()) {
            PointRecord point = use.point();
            UnreadablePart part = parts.get(point.id());
            assertThat(part == null).as("whole").isEqualTo(use.whole() && readsWhole(repository, point));
            RecoveryPointReader reader = repository.reader(point, Progress.NONE);
            byte[] disk = expected.get(point.id());
            for (int at = 0; at < disk.length; at += CHUNK) {
                byte[] chunk = Arrays.copyOfRange(disk, at, Math.min(disk.length, at + CHUNK));
                boolean lost = part != null && isIn(part.ranges(), at);
                // Below a lost node nobody knows what was zero, so it is not read as zeros either.
                if (lost || !isZero(chunk)) {
                    assertThat(reads(reader, at, chunk)).as("offset " + at).isEqualTo(!lost);
                }
            }
        }
    }

    private boolean readsWhole(OfflineRepository repository, PointRecord point) {
        try {
            ByteBuffer disk = ByteBuffer.allocate(expected.get(point.id()).length);
            repository.reader(point, Progress.NONE).read(0, disk);
            return Arrays.equals(disk.array(), expected.get(point.id()));
        } catch (StorageException e) {
            return false;
        }
    }

    /** Whether a chunk can be read; if it can, it must be the right one. */
    private static boolean reads(RecoveryPointReader reader, int at, byte[] chunk) {
        ByteBuffer content = ByteBuffer.allocate(chunk.length);
        try {
            reader.read(at, content);
        } catch (StorageException e) {
            return false;
        }
        assertThat(content.array()).isEqualTo(chunk);
        return true;
    }

    private static boolean isIn(List<Range> ranges, int at) {
        return ranges.stream().anyMatch(range -> range.offset() <= at && at < range.end());
    }

    private static boolean isZero(byte[] chunk) {
        for (byte b : chunk) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static Map<UUID, byte[]> disks(OfflineRepository repository) {
        Map<UUID, byte[]> disks = new HashMap<>();
        for (PointUse use : repository.facts(Progress.NONE).points()) {
            ByteBuffer disk = ByteBuffer.allocate((int) use.point().sizeBytes());
            repository.reader(use.point(), Progress.NONE).read(0, disk);
            disks.put(use.point().id(), disk.array());
        }
        return disks;
    }

    private static void isNewer(Throwable e) {
        assertThat(((StorageException) e).code()).isEqualTo(StorageErrorCode.FORMAT_UNSUPPORTED);
    }
}
