package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.TempDirectory;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Against a real nbdkit: everything that is not an extended header. */
@ExtendWith(NoLeaks.class)
class NbdkitIT {

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

    private static NbdConnection open(Nbdkit server, NbdOptions options) {
        return NbdConnection.open(NbdUri.parse(server.uri()), options);
    }

    @Test
    void structuredRepliesReadEveryByteAndMapTheHoles() {
        try (Nbdkit server = Nbdkit.start(directory.path(), "-r", "file", "" + sample.raw());
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            assertThat(connection.export().mode()).isEqualTo(ReplyMode.STRUCTURED);
            assertThat(connection.export().contexts()).containsExactly(BASE_ALLOCATION);
            assertThat(Reading.all(connection, 1 << 20)).isEqualTo(sample.content());
            assertHolesAreZeros(connection);
        }
    }

    private static void assertHolesAreZeros(NbdConnection connection) {
        byte[] content = sample.content();
        List<Extent> extents = new ArrayList<>();
        connection.walk(0, connection.export().size(), extents::add);
        long at = 0;
        for (Extent extent : extents) {
            assertThat(extent.offset()).isEqualTo(at);
            at = extent.end();
            if ((extent.status(BASE_ALLOCATION) & 2) != 0) {
                for (long i = extent.offset(); i < extent.end(); i += 512) {
                    assertThat(content[(int) i]).isZero();
                }
            }
        }
        assertThat(at).isEqualTo(SampleDisk.SIZE);
        assertThat(extents).as("the file is sparse").hasSizeGreaterThan(3);
    }

    @Test
    void simpleRepliesReadEveryByteAndTheMapSaysNothing() {
        try (Nbdkit server = Nbdkit.startTcp(directory.path(), "-r", "--no-sr", "file", "" + sample.raw());
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            assertThat(connection.export().mode()).isEqualTo(ReplyMode.SIMPLE);
            assertThat(connection.export().contexts()).isEmpty();
            assertThat(Reading.all(connection, 1 << 20)).isEqualTo(sample.content());
            List<Extent> extents = new ArrayList<>();
            connection.walk(0, SampleDisk.SIZE, extents::add);
            assertThat(extents)
                    .singleElement()
                    .satisfies(e -> assertThat(e.status()).isEmpty());
        }
    }

    @Test
    void theOldestHandshakeReadsEveryByte() {
        try (Nbdkit server = Nbdkit.start(directory.path(), "-r", "--mask-handshake=0", "file", "" + sample.raw());
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            assertThat(connection.export().mode()).isEqualTo(ReplyMode.SIMPLE);
            assertThat(Reading.all(connection, 3 << 20)).isEqualTo(sample.content());
        }
    }

    @Test
    void aDirtyContextThatItDoesNotKnowIsMissing() {
        try (Nbdkit server = Nbdkit.start(directory.path(), "-r", "file", "" + sample.raw())) {
            assertThatThrownBy(() -> open(server, NbdOptions.defaults().withContexts("qemu:dirty-bitmap:b")))
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.CONTEXT_MISSING));
        }
    }

    @Test
    void injectedErrorsFailSomeReadsAndTheOthersAreRight() {
        try (Nbdkit server = Nbdkit.start(
                        directory.path(),
                        "-r",
                        "--filter=error",
                        "file",
                        "" + sample.raw(),
                        "error-pread=EIO",
                        "error-pread-rate=30%");
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            byte[] content = sample.content();
            List<CompletableFuture<ByteBuf>> reads = new ArrayList<>();
            for (int offset = 0; offset < SampleDisk.SIZE; offset += 1 << 20) {
                reads.add(connection.read(offset, 1 << 20));
            }
            int failed = 0;
            for (int i = 0; i < reads.size(); i++) {
                failed += check(reads.get(i), content, i << 20) ? 0 : 1;
            }
            assertThat(failed).isBetween(1, reads.size() - 1);
        }
    }

    private static boolean check(CompletableFuture<ByteBuf> read, byte[] content, int offset) {
        if (read.handle((_, failure) -> failure != null).join()) {
            assertThat(read.exceptionNow())
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.IO_ERROR));
            return false;
        }
        ByteBuf buffer = read.join();
        try {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            assertThat(bytes).isEqualTo(java.util.Arrays.copyOfRange(content, offset, offset + bytes.length));
        } finally {
            buffer.release();
        }
        return true;
    }

    @Test
    void aServerThatStallsIsGivenUp() {
        NbdOptions hasty = NbdOptions.defaults()
                .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300));
        try (Nbdkit server =
                        Nbdkit.start(directory.path(), "-r", "--filter=delay", "file", "" + sample.raw(), "rdelay=2");
                NbdConnection connection = open(server, hasty)) {
            assertThatThrownBy(() -> connection.read(0, 512).join())
                    .cause()
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.TIMED_OUT));
        }
    }

    @Test
    void unalignedRequestsAreRefusedHereAndAlignedOnesServed() {
        try (Nbdkit server = Nbdkit.start(
                        directory.path(),
                        "-r",
                        "--filter=blocksize-policy",
                        "file",
                        "" + sample.raw(),
                        "blocksize-minimum=4096",
                        "blocksize-preferred=65536",
                        "blocksize-maximum=1M",
                        "blocksize-error-policy=error");
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            assertThat(connection.export().blockSizes().minimum()).isEqualTo(4096);
            assertThat(connection.maxRequestBytes()).isEqualTo(1 << 20);
            assertThat(Reading.all(connection, 1 << 20)).isEqualTo(sample.content());
            assertThatThrownBy(() -> connection.read(512, 4096)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anExportOfAnOddSizeIsReadToItsLastByte() {
        int size = 1_000_003;
        try (Nbdkit server = Nbdkit.start(directory.path(), "-r", "pattern", "" + size);
                NbdConnection connection = open(server, NbdOptions.defaults())) {
            byte[] content = Reading.all(connection, 65536);
            assertThat(content).hasSize(size);
            for (int i = 0; i < size; i++) {
                int shift = 8 * (7 - i % 8);
                int word = i - i % 8;
                assertThat(content[i]).isEqualTo((byte) (shift > 31 ? 0 : word >> shift));
            }
            List<Extent> extents = new ArrayList<>();
            connection.walk(0, size, extents::add);
            assertThat(extents.getLast().end()).isEqualTo(size);
        }
    }
}
