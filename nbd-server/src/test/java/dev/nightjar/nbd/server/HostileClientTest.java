package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.server.HostileCase.Reaction;
import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.export.ServedDiskException;
import dev.nightjar.nbd.server.handshake.OptionRule;
import dev.nightjar.nbd.server.transmission.RequestRule;
import dev.nightjar.nbd.server.transport.NoServerLeaks;
import dev.nightjar.testkit.Await;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that break the rules, one rule each: the breach has its named end within a second, nothing stays held, and a client that
 * keeps to the rules notices nothing.
 */
@ExtendWith(NoServerLeaks.class)
class HostileClientTest {

    private static TestServer server;
    private static NbdConnection bystander;
    private static MemoryDisk bystandersDisk;

    @BeforeAll
    static void serve() {
        bystandersDisk = MemoryDisk.sample(1 << 20, false);
        server = TestServer.serving(
                TestExport.of("disk", MemoryDisk.sample(HostileRequests.SIZE, true)),
                TestExport.of("frozen", MemoryDisk.sample(HostileRequests.SIZE, false)),
                TestExport.of("aligned", new SlowZeroes(HostileRequests.SIZE), new BlockSizes(4096, 4096, 64 << 10)),
                new Broken(),
                TestExport.of("other", bystandersDisk));
        bystander = NbdConnection.open(NbdUri.parse(server.uri("other")), NbdOptions.defaults());
    }

    @AfterAll
    static void stop() {
        bystander.close();
        server.close();
    }

    static Stream<HostileCase> cases() {
        return Stream.concat(HostileOptions.cases().stream(), HostileRequests.cases().stream());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void endsAsItsRuleSays(HostileCase hostile) throws IOException {
        long before = violations(hostile);
        try (ScriptedClient client = ScriptedClient.connect(UnixDomainSocketAddress.of(server.socket()))) {
            hostile.script().play(client);
            switch (hostile.reaction()) {
                case Reaction.Refused(OptionRule rule) ->
                    client.expectRefusal(rule).option(OptionCode.LIST).expectAck();
                case Reaction.Failed(RequestRule rule) ->
                    client.expectError(rule).expectLife();
                case Reaction.Closed(Violation _) -> {
                    client.expectClosed();
                    assertThat(violations(hostile)).isEqualTo(before + 1);
                }
            }
        }
        assertThatTheBystanderNoticesNothing();
        boolean settled = Await.until(
                Duration.ofSeconds(1),
                () -> server.server().statistics().clients() == 1
                        && server.server().statistics().memoryBytes() == 0);
        assertThat(settled).as("%s", server.server().statistics()).isTrue();
    }

    private static long violations(HostileCase hostile) {
        return hostile.reaction() instanceof Reaction.Closed(Violation rule)
                ? server.server().statistics().violations().getOrDefault(rule, 0L)
                : 0;
    }

    private static void assertThatTheBystanderNoticesNothing() {
        var read = bystander.read(0, 4096).join();
        assertThat(read.getByte(0)).isEqualTo(bystandersDisk.content()[0]);
        read.release();
    }

    @Test
    void everyRuleIsBroken() {
        Set<Enum<?>> broken = new HashSet<>();
        cases().forEach(hostile -> broken.add(hostile.rule()));
        Set<OptionRule> options = EnumSet.allOf(OptionRule.class);
        // With TLS, and while the server closes: in tests of their own.
        options.removeAll(List.of(OptionRule.TLS_FIRST, OptionRule.TLS_TWICE, OptionRule.SERVER_CLOSING));
        assertThat(broken).containsAll(options);
        Set<RequestRule> requests = EnumSet.allOf(RequestRule.class);
        // Not a client's fault, and likewise.
        requests.removeAll(List.of(RequestRule.STATUS_TOO_WIDE, RequestRule.EXPORT_CLOSING));
        assertThat(broken).containsAll(requests);
        assertThat(cases()).hasSizeGreaterThan(100);
    }

    /** Cannot be opened. */
    private static final class Broken implements Export {
        @Override
        public ExportDescription description() {
            return new ExportDescription(
                    "broken", "", 4096, ExportDescription.DEFAULT_BLOCK_SIZES, false, false, List.of());
        }

        @Override
        public ServedDisk open() {
            throw new ServedDiskException(Errno.EIO, "no such file");
        }
    }

    private static final class SlowZeroes extends MemoryDisk {
        SlowZeroes(int size) {
            super(size, true);
        }

        @Override
        public boolean fastZeroes() {
            return false;
        }
    }
}
