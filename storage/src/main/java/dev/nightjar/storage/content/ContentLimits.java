package dev.nightjar.storage.content;

/**
 * What a repository's readers keep in memory together.
 *
 * @param frameBytes plaintext of frames
 * @param directoryChunks chunks in pack directories, about 100 bytes each
 * @param nodes map nodes, up to 2 KiB each
 */
public record ContentLimits(long frameBytes, long directoryChunks, long nodes) {

    /** 64 MiB of frames, about 25 MiB of directories, up to 8 MiB of nodes. */
    public static final ContentLimits DEFAULT = new ContentLimits(64L << 20, 256 * 1024, 4096);
}
