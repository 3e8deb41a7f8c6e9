package dev.nightjar.storage.lock;

import dev.nightjar.storage.chunk.IdKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is in a lock's blob. Thread-safe.
 *
 * <pre>
 *   "NJLOCK\0\1"       8 bytes; the last is the version
 *   repository, point  UUID each
 *   until, made at     i64 seconds since 1970-01-01T00:00Z each
 *   tag                HMAC-SHA-256(id key, byte 4 ‖ everything above), 32 bytes
 * </pre>
 */
final class LockCodec {

    /** Length of every lock. */
    static final int BYTES = 88;

    private static final byte[] MAGIC = "NJLOCK\0\1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAG_BYTES = 32;
    private static final String MAC = "HmacSHA256";
    // Chunk ids and point records use the domain bytes 1 to 3 under the same key.
    private static final byte DOMAIN = 4;

    private final UUID repository;
    private final IdKey key;

    LockCodec(UUID repository, IdKey key) {
        this.repository = repository;
        this.key = key;
    }

    ByteBuffer encode(PointLock lock, Instant madeAt) {
        return encode(lock, madeAt.getEpochSecond());
    }

    private ByteBuffer encode(PointLock lock, long madeAtSeconds) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).put(MAGIC);
        put(bytes, repository);
        put(bytes, lock.point());
        bytes.putLong(lock.until().getEpochSecond());
        bytes.putLong(madeAtSeconds);
        return bytes.put(tag(bytes)).flip();
    }

    /** Whether the bytes are what this repository wrote for the lock. */
    boolean isOf(PointLock lock, ByteBuffer bytes) {
        if (bytes.remaining() != BYTES) {
            return false;
        }
        // Whatever stands there: damaged bytes need not be a time.
        long madeAtSeconds = bytes.getLong(BYTES - TAG_BYTES - Long.BYTES);
        return encode(lock, madeAtSeconds).equals(bytes);
    }

    /** The tag of what stands before the position. */
    private byte[] tag(ByteBuffer bytes) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key.toBytes(), MAC));
            mac.update(DOMAIN);
            mac.update(bytes.slice(0, bytes.position()));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    private static void put(ByteBuffer bytes, UUID id) {
        bytes.putLong(id.getMostSignificantBits());
        bytes.putLong(id.getLeastSignificantBits());
    }
}
