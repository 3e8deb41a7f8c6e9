package dev.nightjar.service.backup.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.service.backup.plan.PlanStep;
import dev.nightjar.service.backup.plan.PlanStep.Action;
import dev.nightjar.service.backup.plan.PlanTotals;
import dev.nightjar.service.source.OpenExport;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Endpoint;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuImg.MapEntry;
import dev.nightjar.testkit.QemuIo;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The plan of an increment is what {@code qemu-img map} says about zeros and dirty blocks, chunk by chunk, whichever way the server
 * lets us ask. {@code -Dstatus.seed=1} for the same disks again.
 */
class DiskStatusIT {

    private static final int DISKS = 12;
    private static final int CLUSTER = 64 << 10;
    private static final String BITMAP = "b";
    private static final String CONTEXT = OpenExport.DIRTY_PREFIX + BITMAP;
    private static final long SEED = Long.getLong("status.seed", System.nanoTime());

    private final Random random = new Random(SEED);

    @Test
    void thePlanOfAnIncrementIsWhatQemuSaysChunkByChunk() {
        System.out.println("status.seed=" + SEED);
        Set<Action> met = EnumSet.noneOf(Action.class);
        for (int i = 0; i < DISKS; i++) {
            try (TempDirectory directory = TempDirectory.create()) {
                Collections.addAll(met, compare(directory.path()));
            }
        }
        assertThat(met).containsExactlyInAnyOrder(Action.values());
    }

    private Action[] compare(Path directory) {
        Path image = directory.resolve("disk.qcow2");
        long size = (1 + random.nextLong(800 << 11)) * 512;
        changedDisk(image, size);
        ChunkSize chunkSize = new ChunkSize(random.nextBoolean() ? 64 << 10 : 1 << 20);
        DamagedRanges doubtful = random.nextBoolean() ? DamagedRanges.NONE : somewhere(size);
        List<MapEntry> allocation = QemuImg.map(DiskRef.qcow2(image));
        try (QemuNbd server =
                QemuNbd.serving(DiskRef.qcow2(image)).bitmap(BITMAP).start(directory)) {
            Path socket = ((Endpoint.Unix) server.endpoint()).socket();
            List<MapEntry> dirty = QemuImg.dirtyExtents(socket, "", CONTEXT);
            Action[] expected = expected(size, chunkSize, allocation, dirty, doubtful);
            for (ReplyMode mode : List.of(ReplyMode.EXTENDED, ReplyMode.STRUCTURED)) {
                assertThat(planned(server.uri(), mode, chunkSize, doubtful))
                        .as("%s, %d bytes, chunks of %s, status.seed=%d", mode, size, chunkSize, SEED)
                        .isEqualTo(expected);
            }
            return expected;
        }
    }

    /** Whole clusters, so that the file has no space that nothing was written to, about which the host's file system is asked. */
    private void changedDisk(Path image, long size) {
        QemuImg.create(DiskRef.qcow2(image), size);
        QemuIo.run(DiskRef.qcow2(image), commands(size, 12));
        QemuImg.addBitmap(image, BITMAP, 4096 << random.nextInt(9));
        QemuIo.run(DiskRef.qcow2(image), commands(size, 1 + random.nextInt(8)));
    }

    private List<String> commands(long size, int count) {
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long offset = random.nextLong(1 + size / CLUSTER) * CLUSTER;
            long length = Math.min(size - offset, (1 + random.nextInt(40)) * (long) CLUSTER);
            if (length > 0) {
                String command = List.of("write -P 7", "write -P 9", "write -z", "discard")
                        .get(random.nextInt(4));
                commands.add("%s %d %d".formatted(command, offset, length));
            }
        }
        return commands;
    }

    private DamagedRanges somewhere(long size) {
        DamagedRanges ranges = DamagedRanges.NONE;
        for (int i = 0; i < 3; i++) {
            long offset = random.nextLong(size);
            ranges =
                    ranges.with(new DamagedRanges.Range(offset, 1 + random.nextLong(Math.min(size - offset, 1 << 20))));
        }
        return ranges;
    }

    private static Action[] expected(
            long size, ChunkSize chunkSize, List<MapEntry> allocation, List<MapEntry> dirty, DamagedRanges doubtful) {
        Action[] actions = new Action[Math.toIntExact(Math.ceilDiv(size, chunkSize.bytes()))];
        Arrays.fill(actions, Action.KEEP);
        dirty.forEach(entry -> mark(actions, chunkSize, entry.start(), entry.start() + entry.length()));
        doubtful.ranges().forEach(range -> mark(actions, chunkSize, range.offset(), range.end()));
        allocation.stream().filter(entry -> !entry.zero()).forEach(entry -> {
            long last = (entry.start() + entry.length() - 1) / chunkSize.bytes();
            for (long chunk = entry.start() / chunkSize.bytes(); chunk <= last; chunk++) {
                actions[(int) chunk] = actions[(int) chunk] == Action.KEEP ? Action.KEEP : Action.READ;
            }
        });
        return actions;
    }

    private static void mark(Action[] actions, ChunkSize chunkSize, long offset, long end) {
        for (long chunk = offset / chunkSize.bytes();
                chunk * chunkSize.bytes() < end && chunk < actions.length;
                chunk++) {
            actions[(int) chunk] = Action.ZERO;
        }
    }

    private static Action[] planned(String uri, ReplyMode mode, ChunkSize chunkSize, DamagedRanges doubtful) {
        NbdOptions options = NbdOptions.defaults()
                .withContexts(NbdOptions.BASE_ALLOCATION, CONTEXT)
                .withHighestMode(mode);
        try (OpenExport export = new OpenExport(NbdClient.open(NbdUri.parse(uri), options), true, CONTEXT)) {
            DiskStatus status = new DiskStatus(export, chunkSize, true, doubtful);
            PlanTotals totals = new PlanTotals();
            status.walk(totals);
            List<Action> actions = new ArrayList<>();
            status.walk(step -> chunks(step, chunkSize, actions));
            assertThat(export.client().export().mode()).isEqualTo(mode);
            assertThat(totals.keepBytes() + totals.dirtyBytes())
                    .isEqualTo(export.client().export().size());
            assertThat(status.dirtyBytes()).isLessThanOrEqualTo(totals.dirtyBytes());
            assertThat(status.allocatedBytes()).isLessThanOrEqualTo(totals.readBytes());
            return actions.toArray(Action[]::new);
        }
    }

    private static void chunks(PlanStep step, ChunkSize chunkSize, List<Action> actions) {
        for (long at = step.offset(); at < step.end(); at += chunkSize.bytes()) {
            actions.add(step.action());
        }
    }
}
