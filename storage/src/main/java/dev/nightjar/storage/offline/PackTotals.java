package dev.nightjar.storage.offline;

/**
 * The packs of one kind. Immutable.
 *
 * @param packs how many
 * @param bytes how long they are together
 * @param chunks how many chunks or map nodes they hold, copies included
 * @param liveBytes the part of the bytes that points need: each pack counts as much as its chunks that some point needs; -1 if that is not known
 */
public record PackTotals(long packs, long bytes, long chunks, long liveBytes) {

    /** No packs. */
    static final PackTotals NONE = new PackTotals(0, 0, 0, 0);

    PackTotals with(IndexedPack pack, long live) {
        return new PackTotals(
                packs + 1,
                bytes + pack.bytes(),
                chunks + pack.chunks(),
                live < 0 || liveBytes < 0 ? -1 : liveBytes + live);
    }
}
