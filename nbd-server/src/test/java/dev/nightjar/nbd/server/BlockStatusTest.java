package dev.nightjar.nbd.server;

import static dev.nightjar.nbd.protocol.Command.BLOCK_STATUS;
import static dev.nightjar.nbd.protocol.ReplyMode.EXTENDED;
import static dev.nightjar.nbd.protocol.ReplyMode.STRUCTURED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.StatusFilter;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.transmission.RequestRule;
import dev.nightjar.nbd.server.transport.NoServerLeaks;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Block status: what is told of which context, how far, and in which numbers. */
@ExtendWith(NoServerLeaks.class)
class BlockStatusTest {

    private static final String BASE = ServedDisk.BASE_ALLOCATION;
    private static final String OTHER = "x-test:alternating";
    private static final long HUGE = 1L << 62;

    private interface Talk {
        void with(ScriptedClient client) throws IOException;
    }

    private static void talk(ServedDisk disk, ReplyMode mode, List<String> contexts, Talk talk) throws IOException {
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                ScriptedClient client = ScriptedClient.connect(UnixDomainSocketAddress.of(server.socket()))) {
            client.enter(mode, "disk", contexts.toArray(String[]::new));
            talk.with(client);
        }
    }

    private static BlockStatus next(ScriptedClient client, ReplyMode mode) throws IOException {
        return BlockStatus.decode(client.payload(), mode);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReplyMode.class,
            names = {"STRUCTURED", "EXTENDED"})
    void oneExtentIfThatIsAllThatIsWantedNoLongerThanAsked(ReplyMode mode) throws IOException {
        talk(new HugeDisk(HUGE, 1 << 20, 3, 0), mode, List.of(BASE), client -> {
            client.request(BLOCK_STATUS, CommandFlags.REQ_ONE, 0, 4096);
            assertThat(next(client, mode)).isEqualTo(BlockStatus.of(1, 4096, 3));
            client.request(BLOCK_STATUS, CommandFlags.REQ_ONE, 512, 4 << 20);
            assertThat(next(client, mode)).isEqualTo(BlockStatus.of(1, (1 << 20) - 512, 3));
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = ReplyMode.class,
            names = {"STRUCTURED", "EXTENDED"})
    void theLastExtentRunsOnAsFarAsItIsTrue(ReplyMode mode) throws IOException {
        talk(new HugeDisk(10 << 20, 4 << 20, 3, 0), mode, List.of(BASE), client -> {
            client.request(BLOCK_STATUS, 0, 512, 512);
            assertThat(next(client, mode)).isEqualTo(BlockStatus.of(1, (4 << 20) - 512, 3));
            client.request(BLOCK_STATUS, 0, 3 << 20, (5 << 20) + 1);
            assertThat(next(client, mode)).isEqualTo(BlockStatus.of(1, 1 << 20, 3, 4 << 20, 0, 2 << 20, 3));
        });
    }

    @Test
    void neighboursOfEqualStatusBecomeOne() throws IOException {
        talk(new HugeDisk(10 << 20, 1 << 20, 3, 3), EXTENDED, List.of(BASE), client -> {
            client.request(BLOCK_STATUS, 0, 0, 10 << 20);
            assertThat(next(client, EXTENDED)).isEqualTo(BlockStatus.of(1, 10 << 20, 3));
        });
    }

    @Test
    void extendedHeadersCarryAnExtentOfAnySize() throws IOException {
        talk(new HugeDisk(HUGE, HUGE, 3, 0), EXTENDED, List.of(BASE), client -> {
            client.request(BLOCK_STATUS, 0, 4096, HUGE - 4096);
            assertThat(next(client, EXTENDED)).isEqualTo(BlockStatus.of(1, HUGE - 4096, 3));
        });
    }

    @Test
    void compactHeadersCutItIntoPiecesThatTheyCarry() throws IOException {
        talk(new HugeDisk(HUGE, 3L << 32, 3, 0), STRUCTURED, List.of(BASE), client -> {
            client.request(BLOCK_STATUS, 0, 0, 0xffff_ffffL);
            long most = (1L << 32) - 65536;
            assertThat(next(client, STRUCTURED)).isEqualTo(BlockStatus.of(1, most, 3, most, 3, most, 3, 3 * 65536, 3));
        });
    }

    @Test
    void aReplyHoldsAMillionDescriptorsAndNoMore() throws IOException {
        talk(new HugeDisk(1L << 40, 512, 3, 0), EXTENDED, List.of(BASE), client -> {
            client.request(BLOCK_STATUS, 0, 0, 1L << 40);
            BlockStatus status = next(client, EXTENDED);
            assertThat(status.count()).isEqualTo(Limits.STATUS_DESCRIPTORS);
            assertThat(status.length(Limits.STATUS_DESCRIPTORS - 1)).isEqualTo(512);
        });
        talk(new HugeDisk(1L << 40, 512, 3, 0), STRUCTURED, List.of(BASE, OTHER), client -> {
            client.request(BLOCK_STATUS, 0, 0, 1L << 31);
            assertThat(next(client, STRUCTURED).count()).isEqualTo(Limits.STATUS_DESCRIPTORS / 2);
            assertThat(next(client, STRUCTURED).count()).isEqualTo(Limits.STATUS_DESCRIPTORS / 2);
        });
    }

    @Test
    void aFilterAsksForSomeContextsOnly() throws IOException {
        talk(new HugeDisk(10 << 20, 1 << 20, 1, 0), EXTENDED, List.of(BASE, OTHER), client -> {
            StatusFilter filter = new StatusFilter(1 << 20, List.of(2L));
            client.request(BLOCK_STATUS, CommandFlags.PAYLOAD_LEN, 0, StatusFilter.bytes(1))
                    .bytes(filter::encode);
            assertThat(next(client, EXTENDED)).isEqualTo(BlockStatus.of(2, 1 << 20, 1));
            client.expectLife();
            client.request(BLOCK_STATUS, CommandFlags.REQ_ONE, 0, 512);
            assertThat(next(client, EXTENDED).contextId()).isEqualTo(1);
            assertThat(next(client, EXTENDED).contextId()).isEqualTo(2);
        });
    }

    @Test
    void statusOf64BitsNeedsExtendedHeaders() throws IOException {
        HugeDisk zoned = new HugeDisk(10 << 20, 1 << 20, 1L << 40, 0);
        talk(zoned, EXTENDED, List.of(OTHER), client -> {
            client.request(BLOCK_STATUS, 0, 0, 512);
            assertThat(next(client, EXTENDED)).isEqualTo(BlockStatus.of(1, 1 << 20, 1L << 40));
        });
        talk(zoned, STRUCTURED, List.of(OTHER), client -> {
            client.request(BLOCK_STATUS, 0, 0, 512)
                    .expectError(RequestRule.STATUS_TOO_WIDE)
                    .expectLife();
        });
    }
}
