package dev.nightjar.storage.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.overlay.GuestDisk.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OverlayTest {

    private static final Path DIRECTORY = Path.of("/overlay");
    private static final OverlayLayout LAYOUT = new OverlayLayout(32);
    private static final int CLUSTER = LAYOUT.clusterBytes();
    private static final int SIZE = 6 * CLUSTER + 77;
    private static final UUID BOOT = UUID.randomUUID();
    private static final UUID ID = UUID.randomUUID();

    private final CrashingFiles files = new CrashingFiles();
    private final GuestDisk disk = new GuestDisk(noise(SIZE, 1));

    @Property(tries = 300)
    void itReadsAsTheDiskThatTheGuestWrote(@ForAll long seed) {
        Random random = new Random(seed);
        GuestDisk guest = new GuestDisk(noise(SIZE, seed));
        Overlay overlay = Overlay.create(
                new CrashingFiles(),
                DIRECTORY,
                new OverlaySpec(ID, SIZE, 1 << 20),
                LAYOUT,
                BOOT,
                OverlayReads.base(guest.base));
        for (int i = 0; i < 60; i++) {
            Operation operation = GuestDisk.random(random, SIZE);
            operation.on(overlay);
            guest.apply(operation, LAYOUT.blockBytes());
            int offset = random.nextInt(SIZE);
            int length = random.nextInt(SIZE - offset) + 1;
            assertThat(OverlayReads.part(overlay, guest.base, offset, length))
                    .isEqualTo(java.util.Arrays.copyOfRange(guest.now(), offset, offset + length));
        }
        assertThat(OverlayReads.all(overlay, guest.base)).isEqualTo(guest.now());
        assertThat(overlay.usedBytes()).isLessThanOrEqualTo(SIZE + LAYOUT.blockBytes());
        assertRunsAreTrue(overlay, guest);
    }

    @Test
    void moreThanTheLimitIsRefusedAndNothingLost() {
        Overlay overlay = create(4L * LAYOUT.blockBytes());
        write(overlay, 0, noise(4 * LAYOUT.blockBytes(), 2));
        assertCode(StorageErrorCode.OVERLAY_FULL, () -> write(overlay, 10 * LAYOUT.blockBytes(), noise(1, 3)));
        write(overlay, 5, noise(50, 4));
        overlay.flush();
        assertThat(OverlayReads.all(overlay, disk.base)).isEqualTo(disk.now());
        assertThat(OverlayReads.all(open(BOOT), disk.base)).isEqualTo(disk.now());
    }

    @Test
    void whatIsDiscardedMakesRoom() {
        Overlay overlay = create(16L * LAYOUT.blockBytes());
        write(overlay, 0, noise(CLUSTER, 2));
        overlay.trim(0, CLUSTER);
        disk.put(0, new byte[CLUSTER]);
        assertThat(overlay.usedBytes()).isZero();
        write(overlay, 2 * CLUSTER, noise(CLUSTER, 3));
        assertThat(OverlayReads.all(overlay, disk.base)).isEqualTo(disk.now());
    }

    @Test
    void aFullFileSystemIsToldAndNothingLost() {
        Overlay overlay = create(1 << 20);
        write(overlay, 0, noise(200, 2));
        overlay.flush();
        files.limitGrowth(0);
        assertCode(StorageErrorCode.OVERLAY_FULL, () -> write(overlay, 3 * CLUSTER, noise(CLUSTER, 3)));
        write(overlay, 10, noise(20, 4));
        overlay.trim(2L * CLUSTER, CLUSTER);
        disk.put(2 * CLUSTER, new byte[CLUSTER]);
        overlay.flush();
        assertThat(OverlayReads.all(open(BOOT), disk.base)).isEqualTo(disk.now());
        assertThat(OverlayReads.all(open(UUID.randomUUID()), disk.base)).isEqualTo(disk.now());
    }

    @Test
    void aFileSystemThatIsFullForTheJournalCanStillCommit() {
        Overlay overlay = create(1 << 20);
        write(overlay, 0, noise(CLUSTER, 9));
        files.limitGrowth(0);
        int trims = 0;
        while (fits(overlay, trims)) {
            trims++;
        }
        assertThat(trims).isGreaterThan(100);
        overlay.flush();
        assertThat(OverlayReads.all(open(UUID.randomUUID()), disk.base)).isEqualTo(disk.now());
    }

    private boolean fits(Overlay overlay, int trims) {
        try {
            // Every record changes something, so that each of them is needed.
            int block = trims % 2 * LAYOUT.blockBytes();
            overlay.zero(block, LAYOUT.blockBytes());
            disk.put(block, new byte[LAYOUT.blockBytes()]);
            write(overlay, block, noise(LAYOUT.blockBytes(), trims));
            return true;
        } catch (StorageException e) {
            assertThat(e.code()).isEqualTo(StorageErrorCode.OVERLAY_FULL);
            return false;
        }
    }

    @Test
    void aWriteThatFailedHalfwayIsNotShown() {
        Overlay overlay = create(1 << 20);
        write(overlay, 0, noise(200, 2));
        files.failNextWrite(new IOException("Input/output error"));
        assertCode(StorageErrorCode.OVERLAY_FAILED, () -> overlay.write(3L * CLUSTER, ByteBuffer.wrap(noise(99, 3))));
        assertThat(OverlayReads.all(overlay, disk.base)).isEqualTo(disk.now());
        write(overlay, 3 * CLUSTER + 7, noise(99, 4));
        assertThat(OverlayReads.all(open(BOOT), disk.base)).isEqualTo(disk.now());
    }

    @Test
    void afterAFailedSyncNothingIsPretended() {
        Overlay overlay = create(1 << 20);
        write(overlay, 0, noise(200, 2));
        overlay.flush();
        byte[] flushed = disk.now().clone();
        write(overlay, CLUSTER, noise(200, 3));
        files.failNextSync(new IOException("Input/output error"));
        assertCode(StorageErrorCode.OVERLAY_FAILED, overlay::flush);
        assertCode(StorageErrorCode.OVERLAY_FAILED, overlay::flush);
        assertCode(StorageErrorCode.OVERLAY_FAILED, () -> overlay.write(0, ByteBuffer.allocate(1)));
        assertCode(StorageErrorCode.OVERLAY_FAILED, () -> overlay.trim(0, 64));
        assertCode(StorageErrorCode.OVERLAY_FAILED, () -> OverlayReads.all(overlay, disk.base));
        assertThat(OverlayReads.all(open(BOOT), disk.base))
                .as("opened again, it is as it was when a flush succeeded last")
                .isEqualTo(flushed);
    }

    @Test
    void aJournalThatIsBrokenInTheMiddleIsNotTakenForAKill() throws IOException {
        Overlay overlay = create(1 << 20);
        for (int i = 0; i < 6; i++) {
            write(overlay, i * CLUSTER, noise(40, i));
        }
        OverlayFiles.OpenFile journal = files.open(DIRECTORY.resolve(OverlayStore.JOURNAL));
        journal.write(ByteBuffer.allocate(4).putInt(0, -1), JournalHeader.BYTES + 3L * JournalRecord.BYTES + 5);
        assertCode(StorageErrorCode.OVERLAY_DAMAGED, () -> open(BOOT));
    }

    @Test
    void anotherDisksOverlayIsRefused() {
        create(1 << 20).close();
        OverlaySpec other = new OverlaySpec(UUID.randomUUID(), SIZE, 1 << 20);
        assertCode(
                StorageErrorCode.OVERLAY_DAMAGED,
                () -> Overlay.open(files, DIRECTORY, other, LAYOUT, BOOT, OverlayReads.base(disk.base)));
    }

    @Test
    void aJournalDoesNotGrowWithoutEnd() throws IOException {
        Overlay overlay = create(1 << 20);
        for (int i = 0; i < 70_000; i++) {
            overlay.zero(i % 2 * 32L, 32);
            overlay.write(i % 2 * 32L, ByteBuffer.wrap(new byte[] {(byte) i}));
        }
        overlay.flush();
        assertThat(files.open(DIRECTORY.resolve(OverlayStore.JOURNAL)).size()).isLessThan(100_000);
        byte[] before = OverlayReads.all(overlay, disk.base);
        overlay.write(SIZE - 1, ByteBuffer.wrap(new byte[] {7}));
        before[SIZE - 1] = 7;
        assertThat(OverlayReads.all(open(BOOT), disk.base)).isEqualTo(before);
    }

    @Test
    void aDiskOfTwoToTheSixtyThirdIsZeroedAtOnce() {
        OverlaySpec huge = new OverlaySpec(ID, Long.MAX_VALUE, 1 << 20);
        Overlay overlay = Overlay.create(files, DIRECTORY, huge, OverlayLayout.DEFAULT, BOOT, (_, _) -> {});
        overlay.zero(5, Long.MAX_VALUE - 5);
        overlay.write(Long.MAX_VALUE - 9, ByteBuffer.allocate(9));
        overlay.trim(1L << 40, 1L << 41);
        List<KindRun> runs = overlay.runs(0, Long.MAX_VALUE, 100);
        assertThat(runs.stream().mapToLong(KindRun::length).sum()).isEqualTo(Long.MAX_VALUE);
        assertThat(runs.stream().map(KindRun::kind))
                .startsWith(BlockKind.DATA, BlockKind.ZERO)
                .doesNotContain(BlockKind.BASE);
    }

    private void assertRunsAreTrue(Overlay overlay, GuestDisk guest) {
        List<Long> lengths = new ArrayList<>();
        int at = 0;
        for (KindRun run : overlay.runs(0, SIZE, Integer.MAX_VALUE)) {
            for (int i = at; i < at + run.length(); i++) {
                switch (run.kind()) {
                    case BASE -> assertThat(guest.now()[i]).isEqualTo(guest.base[i]);
                    case ZERO -> assertThat(guest.now()[i]).isZero();
                    case DATA -> {
                        // Anything.
                    }
                }
            }
            at += (int) run.length();
            lengths.add(run.length());
        }
        assertThat(lengths.stream().mapToLong(Long::longValue).sum()).isEqualTo(SIZE);
    }

    private Overlay create(long limit) {
        return Overlay.create(
                files, DIRECTORY, new OverlaySpec(ID, SIZE, limit), LAYOUT, BOOT, OverlayReads.base(disk.base));
    }

    private Overlay open(UUID boot) {
        return Overlay.open(
                files, DIRECTORY, new OverlaySpec(ID, SIZE, 1 << 20), LAYOUT, boot, OverlayReads.base(disk.base));
    }

    private void write(Overlay overlay, int offset, byte[] bytes) {
        overlay.write(offset, ByteBuffer.wrap(bytes));
        disk.put(offset, bytes);
    }

    private static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void assertCode(StorageErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
