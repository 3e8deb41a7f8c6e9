package dev.nightjar.storage.chunk;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The name of a chunk's content: 32 bytes of HMAC-SHA-256 under the repository's id key, as made by {@link ChunkHasher}. Immutable; ordered as unsigned bytes.
 *
 * <p>Zero chunks have no id: wherever a chunk may be zero, the id is null.
 *
 * @param a bytes 0 to 7, big-endian
 * @param b bytes 8 to 15
 * @param c bytes 16 to 23
 * @param d bytes 24 to 31
 */
public record ChunkId(long a, long b, long c, long d) implements Comparable<ChunkId> {

    /** Length of an id in bytes. */
    public static final int BYTES = 32;

    /** The id that stands in exactly {@link #BYTES} bytes. */
    public static ChunkId of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a chunk id has 32 bytes, not " + bytes.length);
        }
        return read(ByteBuffer.wrap(bytes));
    }

    /** The id written in 64 hexadecimal digits. */
    public static ChunkId fromHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** Takes the next {@link #BYTES} bytes of a big-endian buffer. */
    public static ChunkId read(ByteBuffer source) {
        return new ChunkId(source.getLong(), source.getLong(), source.getLong(), source.getLong());
    }

    /** Appends the id's {@link #BYTES} bytes to a big-endian buffer. */
    public void write(ByteBuffer target) {
        target.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    /** A new array with the id's {@link #BYTES} bytes. */
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        write(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(toBytes());
    }

    @Override
    public int compareTo(ChunkId other) {
        int order = Long.compareUnsigned(a, other.a);
        if (order == 0) {
            order = Long.compareUnsigned(b, other.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c, other.c);
        }
        return order == 0 ? Long.compareUnsigned(d, other.d) : order;
    }

    @Override
    public int hashCode() {
        // A keyed hash is as good as random: any eight bytes of it will do.
        return Long.hashCode(a);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkId id && a == id.a && b == id.b && c == id.c && d == id.d;
    }

    @Override
    public String toString() {
        return hex();
    }
}
