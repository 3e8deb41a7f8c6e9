package dev.nightjar.storage.seal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Turns sealed frames back into plaintext. Thread-safe.
 *
 * <p>It checks that the stored bytes are those that were written. That the plaintext is the chunk that somebody asked for is for the caller to check, by its id.
 */
public final class FrameOpener {

    private final @Nullable DataKey key;

    /** An opener of frames that are not encrypted. */
    public FrameOpener() {
        this(null);
    }

    /**
     * An opener.
     *
     * @param key what frames are encrypted under, or null if there are none of that kind or the key is not at hand
     */
    public FrameOpener(@Nullable DataKey key) {
        this.key = key;
    }

    /**
     * The plaintext of a frame in a new buffer, positioned at 0.
     *
     * @param where pack and offset, for the message
     * @throws StorageException DATA_DAMAGED, or REPOSITORY_LOCKED if it takes the key
     */
    public ByteBuffer open(SealedFrame frame, String where) {
        byte[] bytes = decrypted(frame, where);
        if (frame.codec().compressed()) {
            return decompress(bytes, frame.plainLength(), where);
        }
        return ByteBuffer.wrap(frame.codec().encrypted() ? bytes : bytes.clone());
    }

    /**
     * Opens a frame in memory of the caller's.
     *
     * @param plain a direct buffer that has exactly the plaintext's length from position to limit, both of which stay as they are; its content is undefined if this throws
     * @param where pack and offset, for the message
     * @throws StorageException as the other one
     */
    public void open(SealedFrame frame, ByteBuffer plain, String where) {
        if (!plain.isDirect() || plain.remaining() != frame.plainLength()) {
            throw new IllegalArgumentException("not a direct buffer of " + frame.plainLength() + " bytes");
        }
        byte[] bytes = decrypted(frame, where);
        if (frame.codec().compressed()) {
            decompress(bytes, plain.slice(), where);
        } else {
            plain.duplicate().put(bytes);
        }
    }

    /** What was compressed; the frame's own bytes where it is not encrypted. */
    private byte[] decrypted(SealedFrame frame, String where) {
        byte[] stored = bytes(checked(frame, where));
        if (!frame.codec().encrypted()) {
            return stored;
        }
        if (key == null) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_LOCKED,
                    "the frame at " + where + " is encrypted, and the key is not at hand",
                    "Unlock the repository with its passphrase or its recovery key.");
        }
        try {
            return ContentCipher.open(key, stored, SealedFrame.associatedData(frame.codec(), frame.chunks()));
        } catch (AEADBadTagException e) {
            throw damaged(where, "it was not sealed under this repository's key for these chunks", e);
        }
    }

    private static ByteBuffer checked(SealedFrame frame, String where) {
        ByteBuffer stored = frame.stored();
        int checksum = FrameChecksum.of(stored);
        if (checksum != frame.crc32c()) {
            throw damaged(where, "its CRC-32C is %08x instead of %08x".formatted(checksum, frame.crc32c()), null);
        }
        return stored;
    }

    private static void decompress(byte[] stored, ByteBuffer plain, String where) {
        requireStated(stored, plain.remaining(), where);
        try {
            int length = Zstd.decompress(plain, stored);
            if (length != plain.capacity()) {
                throw damaged(where, "it cannot be decompressed", null);
            }
        } catch (ZstdException e) {
            throw damaged(where, "it cannot be decompressed", e);
        }
    }

    private static void requireStated(byte[] stored, int plainLength, String where) {
        long stated = Zstd.getFrameContentSize(stored);
        if (stated != plainLength) {
            throw damaged(where, "it states " + stated + " bytes instead of " + plainLength, null);
        }
    }

    private static ByteBuffer decompress(byte[] stored, int plainLength, String where) {
        requireStated(stored, plainLength, where);
        byte[] plain = new byte[plainLength];
        try {
            long length = Zstd.decompressByteArray(plain, 0, plainLength, stored, 0, stored.length);
            if (Zstd.isError(length) || length != plainLength) {
                throw damaged(where, "it cannot be decompressed", null);
            }
        } catch (ZstdException e) {
            throw damaged(where, "it cannot be decompressed", e);
        }
        return ByteBuffer.wrap(plain);
    }

    private static byte[] bytes(ByteBuffer stored) {
        if (stored.hasArray() && stored.arrayOffset() == 0 && stored.remaining() == stored.array().length) {
            return stored.array();
        }
        byte[] bytes = new byte[stored.remaining()];
        stored.get(bytes);
        return bytes;
    }

    private static StorageException damaged(String where, String why, @Nullable Throwable cause) {
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED,
                "the frame at " + where + " is damaged: " + why,
                "Bring the pack back from a copy of the repository; points that do not use it are not affected.",
                cause);
    }
}
