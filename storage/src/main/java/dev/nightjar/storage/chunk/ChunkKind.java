package dev.nightjar.storage.chunk;

/** What a chunk holds. The code is the domain byte of its id and the kind byte of the pack that it lies in. */
public enum ChunkKind {
    /** Bytes of a disk. */
    DATA((byte) 1),
    /** A node of a map. */
    MAP_NODE((byte) 2);

    private final byte code;

    ChunkKind(byte code) {
        this.code = code;
    }

    /** The byte that stands for this kind in ids and packs; never 0, which is kept for check values. */
    public byte code() {
        return code;
    }

    /**
     * The kind that a byte stands for.
     *
     * @throws IllegalArgumentException for a byte that is none
     */
    public static ChunkKind of(byte code) {
        for (ChunkKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown kind of chunk: " + (code & 0xff));
    }
}
