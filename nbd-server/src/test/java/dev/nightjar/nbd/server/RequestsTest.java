package dev.nightjar.nbd.server;

import static dev.nightjar.nbd.protocol.Command.DISCONNECT;
import static dev.nightjar.nbd.protocol.Command.FLUSH;
import static dev.nightjar.nbd.protocol.Command.READ;
import static dev.nightjar.nbd.protocol.Command.TRIM;
import static dev.nightjar.nbd.protocol.Command.WRITE;
import static dev.nightjar.nbd.protocol.Command.WRITE_ZEROES;
import static dev.nightjar.nbd.protocol.CommandFlags.FUA;
import static dev.nightjar.nbd.protocol.CommandFlags.NO_HOLE;
import static dev.nightjar.nbd.protocol.CommandFlags.PAYLOAD_LEN;
import static dev.nightjar.nbd.protocol.ReplyMode.EXTENDED;
import static dev.nightjar.nbd.protocol.ReplyMode.SIMPLE;
import static dev.nightjar.nbd.protocol.ReplyMode.STRUCTURED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.ErrorChunk;
import dev.nightjar.nbd.protocol.ExportNameReply;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.server.export.ExportStatistics;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.export.ServedDiskException;
import dev.nightjar.nbd.server.transport.NoServerLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What requests come to, byte by byte where it matters. */
@ExtendWith(NoServerLeaks.class)
class RequestsTest {

    private static final int SIZE = 1 << 20;

    private interface Talk {
        void with(ScriptedClient client) throws IOException;
    }

    private static ExportStatistics talk(ServedDisk disk, Talk talk) throws IOException {
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                ScriptedClient client = ScriptedClient.connect(UnixDomainSocketAddress.of(server.socket()))) {
            talk.with(client);
            return server.server().exports().statistics("disk").orElseThrow();
        }
    }

    private static ReplyHeader.Structured chunk(ScriptedClient client) throws IOException {
        return (ReplyHeader.Structured) ReplyHeader.decode(client.receive(ReplyHeader.STRUCTURED_BYTES));
    }

    @Test
    void holesAreChunksOfTheirOwn() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        talk(disk, client -> {
            client.enter(STRUCTURED, "disk").request(READ, 0, 60 << 10, 8 << 10);
            assertThat(chunk(client)).isEqualTo(new ReplyHeader.Structured(0, ChunkType.OFFSET_DATA, 1, 8 + (4 << 10)));
            assertThat(client.receive(8).readLong()).isEqualTo(60 << 10);
            assertThat(client.receive(4 << 10).getByte(0)).isEqualTo(disk.content()[60 << 10]);
            assertThat(chunk(client)).isEqualTo(new ReplyHeader.Structured(1, ChunkType.OFFSET_HOLE, 1, 12));
            ByteBuf hole = client.receive(12);
            assertThat(hole.readLong()).isEqualTo(64 << 10);
            assertThat(hole.readInt()).isEqualTo(4 << 10);
        });
    }

    @Test
    void aReadThatMustNotBeFragmentedIsOneChunk() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        talk(disk, client -> {
            client.enter(STRUCTURED, "disk").request(READ, CommandFlags.DF, 0, SIZE);
            assertThat(chunk(client)).isEqualTo(new ReplyHeader.Structured(1, ChunkType.OFFSET_DATA, 1, 8 + SIZE));
            client.receive(8);
            assertThat(client.receive(SIZE)).isEqualTo(Unpooled.wrappedBuffer(disk.content()));
            client.request(READ, CommandFlags.DF, 64 << 10, 4096);
            assertThat(chunk(client).type()).as("nothing but zeros").isEqualTo(ChunkType.OFFSET_HOLE);
        });
    }

    @Test
    void simpleRepliesCarryTheZerosOfHoles() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(8 << 20, false);
        talk(disk, client -> {
            client.enter(SIMPLE, "disk").request(READ, 0, 0, 8 << 20);
            client.receive(ReplyHeader.SIMPLE_BYTES);
            assertThat(client.receive(8 << 20)).isEqualTo(Unpooled.wrappedBuffer(disk.content()));
        });
    }

    @Test
    void theOldestHandshakeLeadsToSimpleReplies() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        talk(disk, client -> {
            client.greet(0).option(new Option.ExportName(""));
            ExportNameReply reply = ExportNameReply.decode(client.receive(10 + 124));
            assertThat(reply.size()).isEqualTo(SIZE);
            client.expectLife();
        });
    }

    @Test
    void nothingIsReadOrWrittenInNoBytes() throws IOException {
        ExportStatistics statistics = talk(MemoryDisk.sample(SIZE, true), client -> {
            client.enter(SIMPLE, "disk").request(READ, 0, SIZE, 0).expectDone();
            client.request(WRITE, 0, 0, 0).expectDone();
        });
        assertThat(statistics).isEqualTo(new ExportStatistics(1, 1, 2, 0, 0, 0));
    }

    @Test
    void repliesComeInTheOrderInWhichTheyAreFound() throws IOException {
        GatedDisk disk = new GatedDisk(SIZE);
        talk(disk, client -> {
            client.enter(SIMPLE, "disk").request(READ, 0, 0, 512).request(FLUSH, 0, 0, 0);
            assertThat(ReplyHeader.decode(client.receive(16)).cookie()).isEqualTo(2);
            disk.open();
            assertThat(ReplyHeader.decode(client.receive(16)).cookie()).isEqualTo(1);
        });
    }

    @Test
    void aFarewellIsHeardAfterTheLastReply() throws IOException {
        GatedDisk disk = new GatedDisk(SIZE);
        talk(disk, client -> {
            client.enter(SIMPLE, "disk")
                    .request(READ, 0, 0, 512)
                    .request(DISCONNECT, 0, 0, 0)
                    .request(READ, 0, 0, 512);
            disk.open();
            assertThat(ReplyHeader.decode(client.receive(16)).cookie()).isEqualTo(1);
            client.receive(512);
            client.expectClosed();
            assertThat(disk.begun()).as("what comes after it is not looked at").isEqualTo(1);
        });
    }

    @Test
    void effectsOfAnyLengthReachTheDiskAsOne() throws IOException {
        long size = 1L << 50;
        HugeDisk disk = new HugeDisk(size, 512, 0, 0);
        talk(disk, client -> {
            client.enter(EXTENDED, "disk")
                    .request(TRIM, 0, 0, size)
                    .expectDone()
                    .request(WRITE_ZEROES, NO_HOLE | FUA, 512, size - 512)
                    .expectDone();
        });
        assertThat(disk.told()).startsWith("trim 0 " + size, "zeroes 512 " + (size - 512) + " false", "flush");
    }

    @Test
    void aReplyToFuaComesAfterTheFlush() throws IOException {
        MemoryDisk disk = new MemoryDisk(SIZE, true);
        ExportStatistics statistics = talk(disk, client -> {
            client.enter(EXTENDED, "disk")
                    .request(WRITE, PAYLOAD_LEN | FUA, 0, 512)
                    .zeros(512);
            client.expectDone();
            assertThat(disk.flushes()).isEqualTo(1);
        });
        assertThat(statistics.bytesWritten()).isEqualTo(512);
    }

    @Test
    void whatADiskSaysOfItsFailureIsCutToWhatQemuTakes() throws IOException {
        ServedDisk failing = new HugeDisk(SIZE, 512, 0, 0) {
            @Override
            public List<Piece> read(long offset, int length) {
                throw new ServedDiskException(Errno.ENOSPC, "überlang\0".repeat(1000));
            }
        };
        ExportStatistics statistics = talk(failing, client -> {
            client.enter(STRUCTURED, "disk").request(READ, 0, 0, 512);
            ReplyHeader.Structured chunk = chunk(client);
            assertThat(chunk.length()).isLessThan(1000);
            ErrorChunk error = ErrorChunk.decode(chunk.type(), client.receive((int) chunk.length()));
            assertThat(error.errno()).isEqualTo(Errno.ENOSPC);
            assertThat(error.message()).startsWith("überlang überlang");
        });
        assertThat(statistics.errors()).isEqualTo(1);
    }

    @Test
    void aDiskThatFailsOtherwiseOrReadsTooLittleIsAnIoError() throws IOException {
        ServedDisk faulty = new HugeDisk(SIZE, 512, 0, 0) {
            @Override
            public List<Piece> read(long offset, int length) {
                if (offset == 0) {
                    throw new IllegalStateException("secret of the implementation");
                }
                return List.of(new Piece.Data(Unpooled.buffer().writeZero(length - 1)));
            }
        };
        talk(faulty, client -> {
            client.enter(STRUCTURED, "disk");
            for (int offset : new int[] {0, 512}) {
                client.request(READ, 0, offset, 512);
                ReplyHeader.Structured chunk = chunk(client);
                ErrorChunk error = ErrorChunk.decode(chunk.type(), client.receive((int) chunk.length()));
                assertThat(error.errno()).isEqualTo(Errno.EIO);
                assertThat(error.message()).doesNotContain("secret");
            }
        });
    }

    @Test
    void whatIsInMemoryIsAnsweredAtOnce() throws IOException {
        ServedDisk warm = new HugeDisk(SIZE, 512, 0, 0) {
            @Override
            public List<Piece> read(long offset, int length) {
                throw new AssertionError("nobody has to wait");
            }

            @Override
            public List<Piece> readNow(long offset, int length) {
                return List.of(new Piece.Zeros(length));
            }
        };
        talk(warm, client -> client.enter(EXTENDED, "disk").expectLife().expectLife());
    }
}
