package dev.nightjar.storage.overlay;

import java.nio.ByteBuffer;

/** Takes what an overlay has of a range, from front to back. It is called under the overlay's lock and must not wait for anything. */
public interface OverlayReader {

    /** The next bytes are those of the base. */
    void base(long offset, long length);

    /** The next bytes are zeros. */
    void zeros(long length);

    /** The next bytes were written: where to put them, so many from position to limit. */
    ByteBuffer data(int length);
}
