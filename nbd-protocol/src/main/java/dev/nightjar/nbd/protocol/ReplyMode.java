package dev.nightjar.nbd.protocol;

/** How a server answers requests, as negotiated; the later ones imply what the earlier ones can. */
public enum ReplyMode {
    /** One error number and, for reads, the data: no holes, no block status. */
    SIMPLE,
    /** Chunks with 32-bit lengths; metadata contexts become possible. */
    STRUCTURED,
    /** 64-bit lengths in requests and chunks (extended headers). */
    EXTENDED;

    /** Whether requests are 32 bytes with a 64-bit length rather than 28 bytes with a 32-bit one. */
    public boolean extendedHeaders() {
        return this == EXTENDED;
    }
}
