package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Endpoint;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a real qemu-nbd, judged by qemu-img. */
@ExtendWith(NoLeaks.class)
class QemuNbdIT {

    private static final String EARLY = "qemu:dirty-bitmap:" + SampleDisk.EARLY;
    private static final String LATE = "qemu:dirty-bitmap:" + SampleDisk.LATE;
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

    private static QemuNbd.Builder server() {
        return QemuNbd.serving(sample.disk()).bitmap(SampleDisk.EARLY).bitmap(SampleDisk.LATE);
    }

    private static NbdConnection open(QemuNbd server, NbdOptions options) {
        return NbdConnection.open(NbdUri.parse(server.uri()), options);
    }

    @ParameterizedTest
    @EnumSource(ReplyMode.class)
    void everyByteIsReadInEveryModeOverUnixAndTcp(ReplyMode mode) {
        NbdOptions options = NbdOptions.defaults().withHighestMode(mode);
        try (QemuNbd unix = server().start(directory.path());
                QemuNbd tcp = server().tcp().start(directory.path())) {
            for (QemuNbd server : List.of(unix, tcp)) {
                try (NbdConnection connection = open(server, options)) {
                    assertThat(connection.export().mode()).isEqualTo(mode);
                    assertThat(connection.export().readOnly()).isTrue();
                    assertThat(connection.export().size()).isEqualTo(SampleDisk.SIZE);
                    assertThat(Reading.all(connection, 1 << 20)).isEqualTo(sample.content());
                    assertThat(Reading.all(connection, 12_345 * 512)).isEqualTo(sample.content());
                    assertThat(Reading.all(connection, 32 << 20)).isEqualTo(sample.content());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ReplyMode.class,
            names = {"EXTENDED", "STRUCTURED"})
    void dirtyExtentsAreThoseThatQemuImgSees(ReplyMode mode) {
        NbdOptions options = NbdOptions.defaults().withHighestMode(mode).withContexts(EARLY, LATE, BASE_ALLOCATION);
        try (QemuNbd server = server().start(directory.path());
                NbdConnection connection = open(server, options)) {
            assertThat(connection.export().contexts()).containsExactlyInAnyOrder(EARLY, LATE, BASE_ALLOCATION);
            List<Extent> extents = walk(connection);
            assertThat(ranges(extents, EARLY, 1)).isNotEmpty().isEqualTo(dirty(server, EARLY));
            assertThat(ranges(extents, LATE, 1)).isNotEmpty().isEqualTo(dirty(server, LATE));
            assertThat(ranges(extents, BASE_ALLOCATION, 2)).isNotEmpty().isEqualTo(zeroes());
        }
    }

    private static List<Extent> walk(NbdConnection connection) {
        List<Extent> extents = new ArrayList<>();
        connection.walk(0, connection.export().size(), extents::add);
        long at = 0;
        for (Extent extent : extents) {
            assertThat(extent.offset()).isEqualTo(at);
            at = extent.end();
        }
        assertThat(at).isEqualTo(connection.export().size());
        return extents;
    }

    /** Start and length of the ranges with this bit, neighbours joined. */
    private static List<List<Long>> ranges(List<Extent> extents, String context, long bit) {
        List<List<Long>> ranges = new ArrayList<>();
        for (Extent extent : extents) {
            if ((extent.status(context) & bit) != 0) {
                join(ranges, extent.offset(), extent.length());
            }
        }
        return ranges;
    }

    private static void join(List<List<Long>> ranges, long start, long length) {
        List<Long> last = ranges.isEmpty() ? List.of(-1L, 0L) : ranges.getLast();
        if (last.get(0) + last.get(1) == start) {
            ranges.set(ranges.size() - 1, List.of(last.get(0), last.get(1) + length));
        } else {
            ranges.add(List.of(start, length));
        }
    }

    private static List<List<Long>> dirty(QemuNbd server, String context) {
        Path socket = ((Endpoint.Unix) server.endpoint()).socket();
        List<List<Long>> ranges = new ArrayList<>();
        QemuImg.dirtyExtents(socket, "", context).forEach(entry -> join(ranges, entry.start(), entry.length()));
        return ranges;
    }

    private static List<List<Long>> zeroes() {
        List<List<Long>> ranges = new ArrayList<>();
        QemuImg.map(sample.disk()).stream()
                .filter(QemuImg.MapEntry::zero)
                .forEach(entry -> join(ranges, entry.start(), entry.length()));
        return ranges;
    }

    @Test
    void aMissingBitmapIsAnErrorAndNeverClean() {
        try (QemuNbd server = server().start(directory.path())) {
            NbdOptions options = NbdOptions.defaults().withContexts(EARLY, "qemu:dirty-bitmap:gone");
            assertThatExceptionOfType(NbdException.class)
                    .isThrownBy(() -> open(server, options))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.CONTEXT_MISSING))
                    .withMessageContaining("qemu:dirty-bitmap:gone");
        }
    }

    @Test
    void anUnknownExportIsNamedAsSuchWithAndWithoutContexts() {
        try (QemuNbd server = server().export("vda").start(directory.path())) {
            for (NbdOptions options :
                    List.of(NbdOptions.defaults(), NbdOptions.defaults().withOptionalContexts())) {
                assertThatExceptionOfType(NbdException.class)
                        .isThrownBy(() -> NbdConnection.open(NbdUri.parse(server.uri("vdb")), options))
                        .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.EXPORT_UNKNOWN));
            }
        }
    }

    @Test
    void exportsAndContextsAreListed() {
        try (QemuNbd server = server().export("vda").option("-D", "a disk").start(directory.path())) {
            NbdUri uri = NbdUri.parse(server.uri());
            assertThat(NbdConnection.list(uri)).containsExactly(new ExportListing("vda", "a disk"));
            assertThat(NbdConnection.offeredContexts(uri)).contains(BASE_ALLOCATION, EARLY, LATE);
        }
    }

    @Test
    void writesZeroesAndFlushesArriveOnTheDisk() throws IOException {
        Path raw = directory.resolve("target.raw");
        QemuImg.create(DiskRef.raw(raw), 8 << 20);
        byte[] pattern = new byte[1 << 20];
        java.util.Arrays.fill(pattern, (byte) 0x5a);
        for (ReplyMode mode : ReplyMode.values()) {
            try (QemuNbd server = QemuNbd.serving(DiskRef.raw(raw)).writable().start(directory.path());
                    NbdConnection connection =
                            open(server, NbdOptions.defaults().withHighestMode(mode))) {
                List<CompletableFuture<?>> writes = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    writes.add(connection.write((long) i << 20, Unpooled.copiedBuffer(pattern)));
                }
                writes.forEach(CompletableFuture::join);
                connection.writeZeroes(2 << 20, 1 << 20, true).join();
                connection.writeZeroes(5 << 20, 1 << 16, false).join();
                connection.flush().join();
            }
            byte[] expected = new byte[8 << 20];
            java.util.Arrays.fill(expected, (byte) 0x5a);
            java.util.Arrays.fill(expected, 2 << 20, 3 << 20, (byte) 0);
            java.util.Arrays.fill(expected, 5 << 20, (5 << 20) + (1 << 16), (byte) 0);
            assertThat(Files.readAllBytes(raw)).isEqualTo(expected);
        }
    }

    @Test
    void aReadErrorFailsThatReadOnlyAndTheConnectionLivesOn() {
        String bad = "driver=raw,file.driver=blkdebug,file.image.driver=file,file.image.filename=" + sample.raw()
                + ",file.inject-error.0.event=none,file.inject-error.0.iotype=read,file.inject-error.0.errno=5"
                + ",file.inject-error.0.sector=4096";
        try (QemuNbd server = QemuNbd.servingImageOptions(bad).start(directory.path());
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            assertThat(connection.export().canDf()).isTrue();
            CompletableFuture<ByteBuf> broken = connection.read(2 << 20, 1 << 16);
            CompletableFuture<ByteBuf> sound = connection.read(0, 1 << 16);
            assertThat(broken)
                    .failsWithin(java.time.Duration.ofSeconds(10))
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.IO_ERROR));
            sound.join().release();
            connection.read(0, 1 << 20).join().release();
        }
    }

    @Test
    void aConnectionThatLostItsServerFailsEveryRequest() {
        try (QemuNbd server = server().start(directory.path());
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            server.process().kill();
            assertThat(connection.read(0, 512))
                    .failsWithin(java.time.Duration.ofSeconds(10))
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.CLOSED));
            assertThat(connection.isOpen()).isFalse();
        }
    }
}
