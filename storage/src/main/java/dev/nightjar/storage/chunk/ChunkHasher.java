package dev.nightjar.storage.chunk;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/**
 * Makes chunk ids: {@code HMAC-SHA-256(id key, kind byte ‖ plaintext)}. Thread-safe.
 */
public final class ChunkHasher {

    static final String ALGORITHM = "HmacSHA256";

    /** Longest piece that is compared with zeros at once. */
    private static final int ZERO_BYTES = 64 * 1024;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(ZERO_BYTES).asReadOnlyBuffer();

    /** Per kind, a computation that has taken in key and kind byte; each id continues from a clone of it. */
    private final Mac data;

    private final Mac mapNode;

    /** A hasher for the repository that has {@code key}. */
    public ChunkHasher(IdKey key) {
        data = begin(key, ChunkKind.DATA);
        mapNode = begin(key, ChunkKind.MAP_NODE);
    }

    /** The id of {@code plaintext} from its position to its limit, both of which stay as they are. */
    public ChunkId id(ChunkKind kind, ByteBuffer plaintext) {
        Mac mac = continued(
                switch (kind) {
                    case DATA -> data;
                    case MAP_NODE -> mapNode;
                });
        mac.update(plaintext.duplicate());
        return ChunkId.of(mac.doFinal());
    }

    /** Whether every byte of {@code plaintext} from its position to its limit is zero; true for none at all. The position stays as it is. */
    public static boolean isZero(ByteBuffer plaintext) {
        int end = plaintext.limit();
        for (int at = plaintext.position(); at < end; at += ZERO_BYTES) {
            int length = Math.min(ZERO_BYTES, end - at);
            if (plaintext.slice(at, length).mismatch(ZEROS.slice(0, length)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static Mac begin(IdKey key, ChunkKind kind) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key.forMac());
            mac.update(kind.code());
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static Mac continued(Mac begun) {
        try {
            return (Mac) begun.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's " + ALGORITHM + " cannot be cloned", e);
        }
    }
}
