package dev.nightjar.storage.chunk;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Makes chunk ids: {@code HMAC-SHA-256(id key, kind byte ‖ plaintext)}. Thread-safe.
 */
public final class ChunkHasher {

    static final String ALGORITHM = "HmacSHA256";

    /** Longest piece that is compared with zeros at once. */
    private static final int ZERO_BYTES = 64 * 1024;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(ZERO_BYTES).asReadOnlyBuffer();

    /** Per kind, a computation that has taken in key and kind byte; each id continues from a clone of it. */
    private final @Nullable Mac data;

    private final @Nullable Mac mapNode;

    /** A hasher for the repository that has {@code key}. */
    public ChunkHasher(IdKey key) {
        data = begin(key, ChunkKind.DATA);
        mapNode = begin(key, ChunkKind.MAP_NODE);
    }

    private ChunkHasher() {
        data = null;
        mapNode = null;
    }

    /**
     * What stands for a hasher while the key is not at hand. It can make no ids, and so takes every map node for the one that its pack says it is: whoever reads nodes
     * with it has made sure that the pack is as it was written.
     */
    public static ChunkHasher withoutKey() {
        return new ChunkHasher();
    }

    /**
     * The id of {@code plaintext} from its position to its limit, both of which stay as they are.
     *
     * @throws StorageException REPOSITORY_LOCKED without the key
     */
    public ChunkId id(ChunkKind kind, ByteBuffer plaintext) {
        Mac begun = switch (kind) {
            case DATA -> data;
            case MAP_NODE -> mapNode;
        };
        if (begun == null) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_LOCKED,
                    "the repository is encrypted, and the key is not at hand",
                    "Unlock it with its passphrase or its recovery key.");
        }
        Mac mac = continued(begun);
        mac.update(plaintext.duplicate());
        return ChunkId.of(mac.doFinal());
    }

    /**
     * Whether {@code plaintext}, which stays as it is, has this id.
     *
     * @throws StorageException REPOSITORY_LOCKED without the key, for data
     */
    public boolean matches(ChunkKind kind, ByteBuffer plaintext, ChunkId id) {
        boolean taken = kind == ChunkKind.MAP_NODE && mapNode == null;
        return taken || id(kind, plaintext).equals(id);
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
