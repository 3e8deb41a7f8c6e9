package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.transmission.ReadFailures;
import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.BitSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** With a disk in memory of which some blocks are bad. */
class DamageFinderTest {

    private static final int BLOCK = 512;

    private static ExportInfo export(int size, int minimumBlock) {
        return new ExportInfo(
                "",
                size,
                true,
                false,
                true,
                false,
                false,
                false,
                new BlockSizes(minimumBlock, 4096, 1 << 25),
                ReplyMode.EXTENDED,
                Set.of(),
                new TransmissionFlags(3),
                "",
                false);
    }

    private static NbdException failure(Errno errno, long offset, int length) {
        return (NbdException)
                new Failures(NbdUri.parse("nbd://host/x")).translate(ReadFailures.of(errno, offset, length));
    }

    /** A disk whose bytes tell their block. */
    private static final class Disk implements DamageFinder.Source {

        private final BitSet bad = new BitSet();
        private int reads;
        private int transientFailures;
        private Errno errno = Errno.EIO;

        @Override
        public CompletableFuture<ByteBuf> read(long offset, int length) {
            reads++;
            int first = (int) (offset / BLOCK);
            int last = (int) ((offset + length - 1) / BLOCK);
            int hit = bad.nextSetBit(first);
            if ((hit >= 0 && hit <= last) || transientFailures-- > 0) {
                return CompletableFuture.failedFuture(failure(errno, offset, length));
            }
            ByteBuf bytes = Unpooled.buffer(length);
            for (int i = 0; i < length; i++) {
                bytes.writeByte((int) ((offset + i) / BLOCK));
            }
            return CompletableFuture.completedFuture(bytes);
        }
    }

    /** What came of a range: per byte its value, or -1 where it is damaged. */
    private static final class Found implements DamageFinder.Sink {

        private final int[] bytes;
        private final long start;
        private long at;
        private int damages;

        Found(long start, int length) {
            this.start = start;
            this.at = start;
            this.bytes = new int[length];
        }

        @Override
        public void data(long offset, ByteBuf data) {
            assertThat(offset).isEqualTo(at);
            while (data.isReadable()) {
                bytes[(int) (at++ - start)] = data.readUnsignedByte();
            }
        }

        @Override
        public void damaged(long offset, long length, NbdException cause) {
            assertThat(offset).isEqualTo(at);
            assertThat(cause.code()).isEqualTo(NbdErrorCode.IO_ERROR);
            damages++;
            for (long i = 0; i < length; i++) {
                bytes[(int) (at++ - start)] = -1;
            }
        }
    }

    @Property
    void exactlyTheBadBlocksAreDamagedAndEverythingElseIsDelivered(
            @ForAll @IntRange(min = 1, max = 70_000) int size, @ForAll Random random) {
        Disk disk = new Disk();
        int blocks = (size + BLOCK - 1) / BLOCK;
        for (int i = random.nextInt(6); i > 0; i--) {
            int from = random.nextInt(blocks);
            disk.bad.set(from, from + 1 + random.nextInt(3));
        }
        long offset = (long) random.nextInt(blocks) * BLOCK;
        int length = (int) (size - offset);
        Found found = new Found(offset, length);
        new DamageFinder(disk, export(size, 1), 10_000).read(offset, length, found);
        assertThat(found.at).isEqualTo(size);
        for (int i = 0; i < length; i++) {
            int block = (int) ((offset + i) / BLOCK);
            assertThat(found.bytes[i]).isEqualTo(disk.bad.get(block) ? -1 : block & 0xff);
        }
    }

    @Test
    void oneBadBlockInAMebibyteCostsTwentyTwoMoreReadsAndNeighboursAreJoined() {
        Disk disk = new Disk();
        disk.bad.set(777);
        Found found = new Found(0, 1 << 20);
        new DamageFinder(disk, export(1 << 20, 1), DamageFinder.EXTRA_READS).read(0, 1 << 20, found);
        assertThat(disk.reads).isEqualTo(1 + 22);
        disk.bad.set(778, 900);
        Found more = new Found(0, 1 << 20);
        new DamageFinder(disk, export(1 << 20, 1), DamageFinder.EXTRA_READS).read(0, 1 << 20, more);
        assertThat(more.damages).isEqualTo(1);
    }

    @Test
    void aLargerMinimumBlockIsTheUnitOfDamage() {
        Disk disk = new Disk();
        disk.bad.set(17);
        Found found = new Found(0, 65536);
        new DamageFinder(disk, export(65536, 4096), 100).read(0, 65536, found);
        for (int i = 0; i < 65536; i++) {
            assertThat(found.bytes[i] == -1).isEqualTo(i / 4096 == 2);
        }
    }

    @Test
    void anErrorThatGoesAwayOnASecondReadingIsNoDamage() {
        Disk disk = new Disk();
        disk.transientFailures = 3;
        Found found = new Found(0, 65536);
        new DamageFinder(disk, export(65536, 1), 100).read(0, 65536, found);
        assertThat(found.damages).isZero();
    }

    @Test
    void whenTheExtraReadsAreUsedUpTheRestIsDamagedAsItIs() {
        Disk disk = new Disk();
        disk.bad.set(0, 2048);
        Found found = new Found(0, 1 << 20);
        DamageFinder finder = new DamageFinder(disk, export(1 << 20, 1), 10);
        finder.read(0, 1 << 20, found);
        assertThat(disk.reads).isBetween(10, 22);
        assertThat(found.at).isEqualTo(1 << 20);
        assertThat(finder.exhausted()).isTrue();
    }

    @Test
    void onlyAnInputOutputErrorIsDamage() {
        Disk disk = new Disk();
        disk.bad.set(3);
        for (Errno errno : Set.of(Errno.ENOMEM, Errno.EINVAL, Errno.ESHUTDOWN, Errno.EPERM)) {
            disk.errno = errno;
            Found found = new Found(0, 65536);
            assertThatThrownBy(() -> new DamageFinder(disk, export(65536, 1), 100).read(0, 65536, found))
                    .isInstanceOf(NbdException.class);
            assertThat(found.damages).isZero();
        }
    }
}
