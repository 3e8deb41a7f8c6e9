package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers with bad sectors, odd block sizes, few places, delays and strange maps. */
@ExtendWith(NoLeaks.class)
class OddServersIT {

    private static final int BAD_SECTOR = 4099;
    private static TempDirectory directory;
    private static SampleDisk sample;

    @BeforeAll
    static void createDisk() {
        directory = TempDirectory.create();
        sample = SampleDisk.create(directory.path());
    }

    @AfterAll
    static void deleteDisk() {
        directory.close();
    }

    private static String badSector() {
        return "driver=raw,file.driver=blkdebug,file.image.driver=file,file.image.filename=" + sample.raw()
                + ",file.inject-error.0.event=none,file.inject-error.0.iotype=read,file.inject-error.0.errno=5"
                + ",file.inject-error.0.sector=" + BAD_SECTOR;
    }

    /** What could be read, with zeros where it could not, and the damage. */
    private static final class Salvage implements DamageFinder.Sink {

        private final byte[] content = new byte[SampleDisk.SIZE];
        private final List<NbdException.Range> damaged = new ArrayList<>();

        @Override
        public void data(long offset, ByteBuf bytes) {
            bytes.readBytes(content, (int) offset, bytes.readableBytes());
        }

        @Override
        public void damaged(long offset, long length, NbdException cause) {
            damaged.add(new NbdException.Range(offset, length));
        }
    }

    @ParameterizedTest
    @EnumSource(ReplyMode.class)
    void aBadSectorIsFoundExactlyAndEverythingAroundItIsRead(ReplyMode mode) {
        try (QemuNbd server = QemuNbd.servingImageOptions(badSector()).start(directory.path());
                NbdClient client = NbdClient.open(
                        NbdUri.parse(server.uri()), NbdOptions.defaults().withHighestMode(mode))) {
            DamageFinder finder = new DamageFinder(client::read, client.export(), DamageFinder.EXTRA_READS);
            Salvage salvage = new Salvage();
            for (int at = 0; at < SampleDisk.SIZE; at += 1 << 20) {
                finder.read(at, 1 << 20, salvage);
            }
            assertThat(salvage.damaged).containsExactly(new NbdException.Range(BAD_SECTOR * 512L, 512));
            byte[] expected = sample.content();
            Arrays.fill(expected, BAD_SECTOR * 512, BAD_SECTOR * 512 + 512, (byte) 0);
            assertThat(salvage.content).isEqualTo(expected);
            assertThat(finder.exhausted()).isFalse();
        }
    }

    @Test
    void anUnreadableRangeTellsWhereItIs() {
        try (QemuNbd server = QemuNbd.servingImageOptions(badSector()).start(directory.path());
                NbdClient client = NbdClient.open(NbdUri.parse(server.uri()), NbdOptions.defaults())) {
            assertThatThrownBy(() -> client.read(2 << 20, 1 << 20).join())
                    .cause()
                    .isInstanceOfSatisfying(NbdException.class, e -> {
                        assertThat(e.code()).isEqualTo(NbdErrorCode.IO_ERROR);
                        assertThat(e.range()).contains(new NbdException.Range(2 << 20, 1 << 20));
                    });
        }
    }

    @Test
    void aServerThatIsSlowIsNeverTakenForADamagedDisk() {
        try (Nbdkit server =
                        Nbdkit.start(directory.path(), "-r", "--filter=delay", "file", "" + sample.raw(), "rdelay=2");
                NbdClient client = NbdClient.open(
                        NbdUri.parse(server.uri()), NbdOptions.defaults().withRequestTimeout(Duration.ofMillis(300)))) {
            Salvage salvage = new Salvage();
            DamageFinder finder = new DamageFinder(client::read, client.export(), DamageFinder.EXTRA_READS);
            assertThatThrownBy(() -> finder.read(0, 1 << 20, salvage))
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.TIMED_OUT));
            assertThat(salvage.damaged).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void anyRangeIsReadFromQemuWhateverItsBlocks(int align) {
        String image = "driver=blkdebug,align=%d,max-transfer=%d,image.driver=file,image.filename=%s"
                .formatted(align, Math.max(4096, 2 * align), sample.raw());
        try (QemuNbd server = QemuNbd.servingImageOptions(image).start(directory.path());
                NbdClient client = NbdClient.open(NbdUri.parse(server.uri()), NbdOptions.defaults())) {
            assertThat(client.export().blockSizes().minimum()).isEqualTo(align);
            assertRandomRanges(client);
        }
    }

    @Test
    void anyRangeIsReadFromAServerThatRefusesUnalignedAndLongRequests() {
        try (Nbdkit server = Nbdkit.start(
                        directory.path(),
                        "-r",
                        "--filter=blocksize-policy",
                        "file",
                        "" + sample.raw(),
                        "blocksize-minimum=64K",
                        "blocksize-preferred=64K",
                        "blocksize-maximum=128K",
                        "blocksize-error-policy=error");
                NbdClient client = NbdClient.open(NbdUri.parse(server.uri()), NbdOptions.defaults())) {
            assertThat(client.maxRequestBytes()).isEqualTo(128 << 10);
            assertRandomRanges(client);
        }
    }

    private static void assertRandomRanges(NbdClient client) {
        byte[] content = sample.content();
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            int offset = random.nextInt(SampleDisk.SIZE);
            int length = 1 + random.nextInt(Math.min(SampleDisk.SIZE - offset, 1 << (10 + i / 5)));
            ByteBuf bytes = client.read(offset, length).join();
            byte[] read = new byte[bytes.readableBytes()];
            bytes.readBytes(read).release();
            assertThat(read).isEqualTo(Arrays.copyOfRange(content, offset, offset + length));
        }
    }

    @Test
    void aServerThatHidesItsMaximumIsAskedAgainInHalves() {
        try (Nbdkit server = Nbdkit.start(
                        directory.path(),
                        "-r",
                        "--no-sr",
                        "eval",
                        "get_size=echo 4M",
                        // Data that tells its offset, refused as invalid above 256 KiB.
                        "pread=if [ $3 -gt 262144 ]; then echo EINVAL too long >&2; exit 1; fi;"
                                + " head -c $3 /dev/zero | tr '\\0' \"\\\\$(printf %o $(($4 / 262144 + 1)))\"");
                NbdClient client = NbdClient.open(NbdUri.parse(server.uri()), NbdOptions.defaults())) {
            byte[] content = Reading.all(client, 1 << 20);
            for (int i = 0; i < content.length; i += 512) {
                assertThat(content[i]).isEqualTo((byte) (i / 262144 + 1));
            }
            assertThat(client.maxRequestBytes()).isEqualTo(256 << 10);
        }
    }

    @Test
    void aServerThatLetsInFewerConnectionsThanWantedIsUsedOverThose() {
        try (Nbdkit server =
                        Nbdkit.start(directory.path(), "-r", "--filter=limit", "file", "" + sample.raw(), "limit=2");
                NbdClient client = NbdClient.open(NbdUri.parse(server.uri()), NbdOptions.defaults())) {
            assertThat(Reading.all(client, 64 << 10)).isEqualTo(sample.content());
            assertThat(Reading.all(client, 64 << 10)).isEqualTo(sample.content());
            assertThat(client.connections()).isEqualTo(2);
        }
    }

    @Test
    void aStrangeMapIsWalkedAsItIs() throws IOException {
        StringBuilder list = new StringBuilder();
        List<Extent> expected = new ArrayList<>();
        long at = 0;
        Random random = new Random(5);
        for (int i = 0; i < 3000; i++) {
            // Neighbours differ, or the walk would join them.
            long status = i % 4;
            long length = 1 + (i % 7 == 0 ? random.nextLong(5L << 30) : random.nextLong(5000));
            list.append("%d %d %s%n"
                    .formatted(
                            at, length, List.of("", "hole", "zero", "hole,zero").get((int) status)));
            expected.add(new Extent(at, length, Map.of(BASE_ALLOCATION, status)));
            at += length;
        }
        Path file = directory.resolve("extents");
        Files.writeString(file, list);
        try (Nbdkit server = Nbdkit.start(
                        directory.path(), "-r", "--filter=extentlist", "null", "" + at, "extentlist=" + file);
                NbdClient client = NbdClient.open(NbdUri.parse(server.uri()), NbdOptions.defaults())) {
            List<Extent> walked = new ArrayList<>();
            client.walk(0, at, walked::add);
            assertThat(walked).isEqualTo(expected);
        }
    }
}
