package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.pack.PackTrash;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.scrub.ScrubReport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mending loses nothing that there was before, whatever goes wrong in its midst, and however much is reclaimed before it is tried again. */
@Timeout(120)
class MendingFaultsIT {

    /** Two packs. */
    private static final int DISK_BYTES = 5 * 16 * Workbench.CHUNK;

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final BadSectors device = new BadSectors(blobs);
    private final DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
    private Consumer<String> border = _ -> {};
    private Repository repository;
    private PointRecord point;
    private String pack;

    @BeforeEach
    void takeAPoint() {
        repository = Workbench.create(new SteppedStore(device, at -> border.accept(at)), CatalogServer.freshDatabase());
        byte[] noise = new byte[DISK_BYTES];
        new Random(17).nextBytes(noise);
        disk.write(0, noise);
        point = Workbench.capture(repository, disk, null);
        pack = packs().stream()
                .filter(name -> blobs.get(name)[8] == 1)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void aPackWhoseFramesAreAllSoundStaysUntilTheNewOneIsStored() {
        spoilHeader();
        failAt("before commit of packs/");
        assertScrubFails(StorageErrorCode.STORE_UNAVAILABLE);
        healsAfterReclaims();
    }

    @Test
    void aPackThatIsInTheTrashIsThereUntilItIsInItsPlace() {
        putIntoTrash();
        spoilHeader();
        failAt("before move of " + PackTrash.PREFIX);
        assertScrubFails(StorageErrorCode.STORE_UNAVAILABLE);
        healsAfterReclaims();
    }

    @Test
    void aPackThatIsGoneFromTheTrashWhenItIsToComeBackIsMadeOfWhatThereIs() {
        String copy = putIntoTrash();
        spoilHeader();
        border = at -> {
            if (at.equals("before move of " + copy)) {
                blobs.delete(copy);
            }
        };
        assertThat(scrub().damagedChunks()).isPositive();
        border = _ -> {};
        healsAfterReclaims();
    }

    @Test
    void aPackOfWhichNotEvenTheLengthCanBeHadIsDamagedAndTheOthersAreProven() {
        device.spoilInode(pack);
        ScrubReport report = scrub();
        assertThat(report.damagedPacks()).isEqualTo(1);
        assertThat(report.provenPacks()).isEqualTo(packs().size() - 1);
        assertThat(report.damagedChunks()).isPositive();

        Workbench.capture(repository, disk, null);
        assertThat(repository.damagedChunks()).isZero();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);

        // The pack has to go, and cannot.
        scrub();
        for (int i = 0; i < 3; i++) {
            repository.reclaim(FaultBench.AT_ONCE);
        }
        assertThat(packs()).contains(pack);
        device.mend();
        for (int i = 0; i < 3; i++) {
            repository.reclaim(FaultBench.AT_ONCE);
        }
        assertThat(packs()).doesNotContain(pack);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aPackOfWhichNotEvenTheLengthCanBeHadIsMadeAnewOfWhatTheTrashHas() {
        putIntoTrash();
        device.spoilInode(pack);
        assertThat(scrub().damagedChunks()).isZero();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aDeviceThatIsGoneOnceThePacksAreReadHasNoDamagedRecords() {
        long all = packs().size();
        assertThatThrownBy(() -> repository.scrub(ScrubLimits.everything(), progress -> {
                    if (progress.packs() == all) {
                        device.failButForWhatIsInMemory();
                    }
                }))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.REPOSITORY_IO_ERROR));
        device.mend();
        assertThat(repository.damage(10).isClean()).isTrue();
    }

    private void healsAfterReclaims() {
        for (int i = 0; i < 3; i++) {
            repository.reclaim(FaultBench.AT_ONCE);
        }
        assertThat(scrub().damagedChunks()).isZero();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        repository.rebuild(_ -> {});
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    private void assertScrubFails(StorageErrorCode code) {
        assertThatThrownBy(this::scrub)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
        border = _ -> {};
    }

    private void failAt(String place) {
        border = at -> {
            if (at.startsWith(place)) {
                throw new StorageException(StorageErrorCode.STORE_UNAVAILABLE, at, "It is a test.");
            }
        };
    }

    private String putIntoTrash() {
        String name = PackTrash.PREFIX + pack.substring(pack.lastIndexOf('/') + 1);
        blobs.putIfAbsent(name, ByteBuffer.wrap(blobs.get(pack).clone()));
        return name;
    }

    private void spoilHeader() {
        byte[] bad = blobs.get(pack).clone();
        bad[3] ^= 1;
        blobs.corrupt(pack, bad);
    }

    private ScrubReport scrub() {
        return repository.scrub(ScrubLimits.everything(), ScrubListener.NONE);
    }

    private List<String> packs() {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.map(BlobInfo::name).toList();
        }
    }
}
