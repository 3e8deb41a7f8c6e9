package dev.nightjar.demo;

import dev.nightjar.testkit.Ext4Image;
import dev.nightjar.testkit.Ext4Image.Range;
import dev.nightjar.testkit.GuestWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the guest does on the day between two backups: its application changes a file in place, so the file system stays whole.
 *
 * @param duringFull what it does while the full backup is being read
 * @param afterwards what it does later
 */
record GuestDay(List<GuestWrite> duringFull, List<GuestWrite> afterwards) {

    private static final long CLUSTER = GuestWrite.CLUSTER;
    private static final int SCATTERED = 24;

    /**
     * Plans the day.
     *
     * @param raw a copy of the disk, to find the files in
     * @param workspace where the content that is to be copied goes
     */
    static GuestDay plan(Path raw, Path workspace) {
        Places records = new Places(Ext4Image.extents(raw, DemoDisk.RECORDS));
        Places archive = new Places(Ext4Image.extents(raw, DemoDisk.ARCHIVE));
        Random random = new Random(20260101);

        List<GuestWrite> during = new ArrayList<>(scattered(records, random));
        during.add(new GuestWrite.Overwrite(records.take(4 * Bytes.MIB), 4 * Bytes.MIB, 11));

        List<GuestWrite> afterwards = new ArrayList<>(scattered(records, random));
        afterwards.add(new GuestWrite.Overwrite(records.take(2 * Bytes.MIB), 2 * Bytes.MIB, 12));
        afterwards.add(new GuestWrite.CopyIn(
                records.take(4 * Bytes.MIB),
                4 * Bytes.MIB,
                cut(raw, archive.take(4 * Bytes.MIB), 4 * Bytes.MIB, workspace.resolve("copied"))));
        afterwards.add(new GuestWrite.Discard(records.take(4 * Bytes.MIB), 4 * Bytes.MIB));
        afterwards.add(new GuestWrite.WriteZeroes(records.take(2 * Bytes.MIB), 2 * Bytes.MIB));
        return new GuestDay(List.copyOf(during), List.copyOf(afterwards));
    }

    private static List<GuestWrite> scattered(Places records, Random random) {
        List<GuestWrite> writes = new ArrayList<>();
        for (int i = 0; i < SCATTERED; i++) {
            long offset = records.take(4 * CLUSTER) + 4096L * random.nextInt(16);
            writes.add(new GuestWrite.Overwrite(offset, 4096L * (1 + random.nextInt(4)), random.nextLong()));
        }
        return writes;
    }

    private static Path cut(Path raw, long offset, long length, Path target) {
        try (FileChannel channel = FileChannel.open(raw)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
            Files.write(target, bytes.array());
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<GuestWrite> all() {
        List<GuestWrite> all = new ArrayList<>(duringFull);
        all.addAll(afterwards);
        return all;
    }

    /** For example {@code 50 overwrites (11 MiB), …}. */
    String describe() {
        long overwrites =
                all().stream().filter(GuestWrite.Overwrite.class::isInstance).count();
        return "%d overwrites (%s), %s copied, %s discarded, %s zeroed"
                .formatted(
                        overwrites,
                        sum(GuestWrite.Overwrite.class),
                        sum(GuestWrite.CopyIn.class),
                        sum(GuestWrite.Discard.class),
                        sum(GuestWrite.WriteZeroes.class));
    }

    private String sum(Class<? extends GuestWrite> kind) {
        return Bytes.show(all().stream()
                .filter(kind::isInstance)
                .mapToLong(GuestWrite::length)
                .sum());
    }

    /** Hands out cluster-aligned places in a file, front to back, each once. */
    private static final class Places {

        private final List<Range> ranges;
        private int current;
        private long next;

        Places(List<Range> ranges) {
            this.ranges = ranges;
            this.next = ranges.getFirst().start();
        }

        long take(long length) {
            while (true) {
                long start = Math.ceilDiv(next, CLUSTER) * CLUSTER;
                if (start + length <= ranges.get(current).end()) {
                    next = start + length;
                    return start;
                }
                current++;
                if (current == ranges.size()) {
                    throw new IllegalStateException("the file is too small or too fragmented for " + length + " bytes");
                }
                next = ranges.get(current).start();
            }
        }
    }
}
