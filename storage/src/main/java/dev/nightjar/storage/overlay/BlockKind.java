package dev.nightjar.storage.overlay;

/** What an overlay says of a part of its disk. */
public enum BlockKind {
    /** Nothing: it is as the base has it. */
    BASE,
    /** It was written. */
    DATA,
    /** It was zeroed or discarded, and reads as zeros. */
    ZERO
}
