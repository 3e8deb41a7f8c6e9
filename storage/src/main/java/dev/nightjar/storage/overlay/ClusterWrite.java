package dev.nightjar.storage.overlay;

import java.nio.ByteBuffer;

/**
 * A write within one cluster: blocks that are not in the data file yet are written whole, filled up with what they were before.
 *
 * @param layout how the disk is cut
 * @param cluster which one
 * @param before what is known of it
 * @param fresh blocks that come into the data file by this write
 * @param from where in the cluster the bytes begin that are written to the file
 * @param to where they end
 * @param skip how many of them come before those of the guest
 */
record ClusterWrite(OverlayLayout layout, long cluster, ClusterState before, int fresh, int from, int to, int skip) {

    static ClusterWrite plan(OverlayLayout layout, long cluster, ClusterState before, int offset, int length) {
        int block = layout.blockBytes();
        int end = offset + length;
        int first = offset / block;
        int last = (end - 1) / block;
        int fresh = OverlayLayout.mask(first, last + 1) & ~before.present();
        int from = (fresh & 1 << first) != 0 ? first * block : offset;
        int to = (fresh & 1 << last) != 0 ? (last + 1) * block : end;
        return new ClusterWrite(layout, cluster, before, fresh, from, to, offset - from);
    }

    /** What to write at {@link #from}: the guest's bytes, and around them what was there. */
    ByteBuffer content(ByteBuffer bytes, BaseDisk base, long diskBytes) {
        int length = bytes.remaining();
        if (to - from == length) {
            return bytes.duplicate();
        }
        ByteBuffer content = ByteBuffer.allocate(to - from);
        fill(content, from, from + skip, base, diskBytes);
        content.put(skip, bytes, bytes.position(), length);
        fill(content, from + skip + length, to, base, diskBytes);
        return content;
    }

    /** Both ends lie within one block each, which is not in the data file. */
    private void fill(ByteBuffer content, int start, int end, BaseDisk base, long diskBytes) {
        long offset = layout.start(cluster) + start;
        int length = (int) Math.min(end - start, Math.max(0, diskBytes - offset));
        if (length > 0 && before.kind(start / layout.blockBytes()) == BlockKind.BASE) {
            base.read(offset, content.slice(start - from, length));
        }
    }
}
