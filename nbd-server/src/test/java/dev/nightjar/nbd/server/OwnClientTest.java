package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.protocol.ReplyMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nightjar's own client reads, maps and writes in every reply mode. */
class OwnClientTest {

    private static final int SIZE = 8 << 20;

    private static NbdConnection open(TestServer server, ReplyMode mode, String... contexts) {
        return NbdConnection.open(
                NbdUri.parse(server.uri("disk")),
                NbdOptions.defaults().withHighestMode(mode).withContexts(contexts));
    }

    private static byte[] readAll(NbdConnection connection, int step) {
        byte[] content = new byte[Math.toIntExact(connection.export().size())];
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int offset = 0; offset < content.length; offset += step) {
            int at = offset;
            reads.add(connection.read(at, Math.min(step, content.length - at)).thenAccept(buffer -> {
                buffer.readBytes(content, at, buffer.readableBytes());
                buffer.release();
            }));
        }
        reads.forEach(CompletableFuture::join);
        return content;
    }

    @ParameterizedTest
    @EnumSource(ReplyMode.class)
    void readsEveryByte(ReplyMode mode) {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                NbdConnection connection = open(server, mode)) {
            assertThat(connection.export().mode()).isEqualTo(mode);
            assertThat(connection.export().size()).isEqualTo(SIZE);
            for (int step : new int[] {SIZE, 1 << 20, 12_345}) {
                assertThat(Arrays.equals(readAll(connection, step), disk.content()))
                        .as("in steps of %d", step)
                        .isTrue();
            }
        }
        assertThat(disk.closed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = ReplyMode.class,
            names = {"STRUCTURED", "EXTENDED"})
    void mapsHolesAndDirtyRanges(ReplyMode mode) {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                NbdConnection connection = open(server, mode, MemoryDisk.DIRTY)) {
            List<Extent> extents = new ArrayList<>();
            connection.walk(0, SIZE, extents::add);
            assertThat(extents.stream().mapToLong(Extent::length).sum()).isEqualTo(SIZE);
            List<long[]> dirty = extents.stream()
                    .filter(extent -> extent.status(MemoryDisk.DIRTY) == 1)
                    .map(extent -> new long[] {extent.offset(), extent.length()})
                    .toList();
            assertThat(dirty).hasSize(8);
            assertThat(dirty.get(3)).containsExactly((3L << 20) + (32 << 10), 16 << 10);
            assertThat(extents.stream()
                            .filter(extent -> extent.status(NbdOptions.BASE_ALLOCATION) == 0)
                            .mapToLong(Extent::length)
                            .sum())
                    .isEqualTo(SIZE / 4);
        }
    }

    @ParameterizedTest
    @EnumSource(ReplyMode.class)
    void writesWhatItReadsBack(ReplyMode mode) {
        MemoryDisk disk = MemoryDisk.sample(SIZE, true);
        byte[] expected = disk.content();
        Random random = new Random(7);
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                NbdConnection connection = open(server, mode)) {
            for (int round = 0; round < 50; round++) {
                int offset = random.nextInt(SIZE - 300_000);
                byte[] data = new byte[1 + random.nextInt(300_000)];
                random.nextBytes(data);
                System.arraycopy(data, 0, expected, offset, data.length);
                connection.write(offset, Unpooled.wrappedBuffer(data)).join();
            }
            connection.writeZeroes(1000, 5000, true).join();
            Arrays.fill(expected, 1000, 6000, (byte) 0);
            connection.flush().join();
            assertThat(disk.flushes()).isPositive();
            assertThat(Arrays.equals(readAll(connection, 1 << 20), expected)).isTrue();
        }
        assertThat(Arrays.equals(disk.content(), expected)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(ReplyMode.class)
    void aSingleByteAtTheEndIsReadable(ReplyMode mode) {
        MemoryDisk disk = new MemoryDisk(4097, false);
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                NbdConnection connection = open(server, mode)) {
            ByteBuf last = connection.read(4096, 1).join();
            assertThat(last.readableBytes()).isEqualTo(1);
            last.release();
        }
    }
}
