package dev.nightjar.service.source;

/** Why a disk is read in full although an increment would be cheaper. The names are part of the API. */
public enum FullReadReason {
    REQUESTED("a full backup was asked for"),
    NO_PARENT("the disk has no recovery point yet"),
    PARENT_MISSING("the recovery point that the checkpoint belongs to was deleted"),
    NO_BITMAP("the source has no dirty bitmap"),
    BITMAP_ORIGIN_UNKNOWN("nobody said since which recovery point the bitmap records"),
    BITMAP_MISSING("the checkpoint of the last recovery point is gone"),
    BITMAP_INCONSISTENT("the machine did not end cleanly, so its checkpoint cannot be trusted"),
    BITMAP_NOT_RECORDING("the checkpoint was switched off"),
    BITMAP_FOREIGN("the checkpoint is not the one that the last recovery point names"),
    SIZE_CHANGED("the disk was resized"),
    PARENT_DAMAGED("the map of the last recovery point is damaged in the repository"),
    CHUNK_SIZE_CHANGED("the repository's chunk size is not the one of the last recovery point"),
    CONTEXT_NOT_GRANTED("the server did not grant the checkpoint's dirty context");

    private final String message;

    FullReadReason(String message) {
        this.message = message;
    }

    /** The reason in words. */
    public String message() {
        return message;
    }
}
