package dev.nightjar.storage.seal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C, as frames, pack directories and pack headers carry it. */
public final class FrameChecksum {

    private FrameChecksum() {}

    /** The checksum of the given bytes, one buffer after the other, each from position to limit; positions stay as they are. */
    public static int of(ByteBuffer... pieces) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer piece : pieces) {
            crc.update(piece.duplicate());
        }
        return (int) crc.getValue();
    }
}
