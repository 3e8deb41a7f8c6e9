package dev.nightjar.storage.ingest;

/**
 * The limits of one run's ingest.
 *
 * @param bufferedBytes of plaintext between source and packs; frames take its place, encrypted ones come on top and are never more
 * @param queuedMapItems regions and zero ranges that wait to enter a disk's map; at this many the source waits
 * @param packChunks chunks after which a pack is finished even if it is small
 * @param mapPackBytes length at which a pack of map nodes is finished
 */
record IngestLimits(long bufferedBytes, int queuedMapItems, int packChunks, long mapPackBytes) {

    static final IngestLimits DEFAULT = new IngestLimits(64L << 20, 4096, 16384, 8L << 20);
}
