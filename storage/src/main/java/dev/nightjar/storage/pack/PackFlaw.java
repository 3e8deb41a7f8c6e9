package dev.nightjar.storage.pack;

/** What can be wrong with a pack as a whole. The names are part of the API: they are never renamed or reused. */
public enum PackFlaw {
    /** There is no blob of its name. */
    MISSING(true),
    /** It is shorter or longer than what was written. */
    LENGTH(true),
    /** Its header is not what was written. */
    HEADER(true),
    /** Its directory is not what was written. */
    DIRECTORY(true),
    /** Its trailer is not what was written. */
    TRAILER(true),
    /** It is a whole pack, but another one than its name says. */
    OTHER_PACK(true),
    /** Some of its frames are not what was written; the others can be read. */
    FRAMES(false),
    /** The device below failed at some of its bytes. */
    UNREADABLE(false);

    private final boolean whole;

    PackFlaw(boolean whole) {
        this.whole = whole;
    }

    /** Whether nothing in the pack can be read where the catalog says, for a reader begins with what is broken. */
    public boolean spoilsEverything() {
        return whole;
    }
}
