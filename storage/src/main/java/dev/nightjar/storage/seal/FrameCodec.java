package dev.nightjar.storage.seal;

import java.util.Optional;

/**
 * How a frame's bytes are stored. The low four bits of the code say how they are compressed; the high four say how they are encrypted and are zero so far.
 */
public enum FrameCodec {
    /** As they are. */
    PLAIN((byte) 0),
    /** One zstd frame that states its content size. */
    ZSTD((byte) 1);

    private final byte code;

    FrameCodec(byte code) {
        this.code = code;
    }

    /** The byte in a pack's directory. */
    public byte code() {
        return code;
    }

    /** The codec that a byte stands for, if this release knows it. */
    public static Optional<FrameCodec> of(byte code) {
        for (FrameCodec codec : values()) {
            if (codec.code == code) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }
}
