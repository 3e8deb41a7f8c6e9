package dev.nightjar.nbd.client.extent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.ReplyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever the server's answers look like, the walk says the truth. */
class ExtentWalkerPropertiesTest {

    @Property(tries = 2000)
    void aWalkTellsWhatTheModelHolds(
            @ForAll @IntRange(min = 1, max = 3) int contexts,
            @ForAll @IntRange(min = 1, max = 60) int blocks,
            @ForAll boolean compact,
            @ForAll boolean refusing,
            @ForAll Random random) {
        long blockBytes = compact ? 64 << 20 : 1L << (9 + random.nextInt(40));
        ModelExport export = new ModelExport(
                blockBytes, rows(contexts, blocks, random), random, refusing ? 3 * blockBytes : Long.MAX_VALUE);
        ReplyMode mode = compact ? ReplyMode.STRUCTURED : ReplyMode.EXTENDED;
        long offset = random.nextInt(blocks) * blockBytes;
        long length = (1 + random.nextInt((int) ((export.size() - offset) / blockBytes))) * blockBytes;

        List<Extent> extents = new ArrayList<>();
        new ExtentWalker(export, export.names().values(), WalkLimits.of(mode, 512, length))
                .walk(offset, length, extents::add);

        assertCovered(extents, offset, length);
        assertCoalesced(extents);
        for (Extent extent : extents) {
            assertThat(extent.status()).containsOnlyKeys(export.names().values());
            for (long at = extent.offset(); at < extent.end(); at += blockBytes) {
                for (int context = 0; context < contexts; context++) {
                    assertThat(extent.status("c" + context)).isEqualTo(export.status(context, at));
                }
            }
        }
        assertThat(export.rounds()).as("rounds").isLessThan(contexts * blocks * 2 + 70);
    }

    private static int[][] rows(int contexts, int blocks, Random random) {
        int[][] rows = new int[contexts][blocks];
        for (int[] row : rows) {
            int value = random.nextInt(4);
            for (int block = 0; block < blocks; block++) {
                value = random.nextInt(3) == 0 ? random.nextInt(4) : value;
                row[block] = value;
            }
        }
        return rows;
    }

    private static void assertCovered(List<Extent> extents, long offset, long length) {
        long at = offset;
        for (Extent extent : extents) {
            assertThat(extent.offset()).isEqualTo(at);
            assertThat(extent.length()).isPositive();
            at = extent.end();
        }
        assertThat(at).isEqualTo(offset + length);
    }

    private static void assertCoalesced(List<Extent> extents) {
        for (int i = 1; i < extents.size(); i++) {
            assertThat(extents.get(i).status()).isNotEqualTo(extents.get(i - 1).status());
        }
    }
}
