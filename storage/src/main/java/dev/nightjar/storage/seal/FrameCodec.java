package dev.nightjar.storage.seal;

import java.util.Optional;

/** How a frame's bytes are stored. The low four bits of the code say how they are compressed, the high four how they are encrypted. */
public enum FrameCodec {
    /** As they are. */
    PLAIN((byte) 0x00),
    /** One zstd frame that states its content size. */
    ZSTD((byte) 0x01),
    /** Encrypted by {@link ContentCipher}, not compressed. */
    ENCRYPTED((byte) 0x10),
    /** One zstd frame, encrypted by {@link ContentCipher}. */
    ENCRYPTED_ZSTD((byte) 0x11);

    private static final byte COMPRESSION = 0x0f;

    private final byte code;

    FrameCodec(byte code) {
        this.code = code;
    }

    /** The byte in a pack's directory. */
    public byte code() {
        return code;
    }

    /** Whether it takes the repository's data key to open it. */
    public boolean encrypted() {
        return (code & ~COMPRESSION) != 0;
    }

    /** Whether it is compressed, below any encryption. */
    boolean compressed() {
        return (code & COMPRESSION) != 0;
    }

    static FrameCodec of(boolean compressed, boolean encrypted) {
        if (encrypted) {
            return compressed ? ENCRYPTED_ZSTD : ENCRYPTED;
        }
        return compressed ? ZSTD : PLAIN;
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
