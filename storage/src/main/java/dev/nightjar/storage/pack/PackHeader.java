package dev.nightjar.storage.pack;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.FrameChecksum;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The first 32 bytes of a pack, big-endian:
 *
 * <pre>
 *  0  7  "NJPACK\0"
 *  7  1  version, 1
 *  8  1  kind: 1 data, 2 map nodes
 *  9  3  zero
 * 12 16  repository id
 * 28  4  CRC-32C of the bytes 0 to 27
 * </pre>
 */
record PackHeader(ChunkKind kind, UUID repositoryId) {

    static final int BYTES = 32;

    private static final int CHECKED_BYTES = 28;
    private static final byte[] MAGIC = "NJPACK\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;

    ByteBuffer encode() {
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        header.put(MAGIC).put(VERSION).put(kind.code()).put(new byte[3]);
        header.putLong(repositoryId.getMostSignificantBits()).putLong(repositoryId.getLeastSignificantBits());
        header.putInt(FrameChecksum.of(header.slice(0, CHECKED_BYTES)));
        return header.flip();
    }

    static PackHeader decode(ByteBuffer header) throws PackDamage {
        if (header.remaining() != BYTES) {
            throw PackDamage.damaged("its header is cut off");
        }
        byte[] magic = new byte[MAGIC.length];
        header.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw PackDamage.damaged("it does not begin like a pack");
        }
        if (header.getInt(CHECKED_BYTES) != FrameChecksum.of(header.slice(0, CHECKED_BYTES))) {
            throw PackDamage.damaged("the checksum of its header is wrong");
        }
        int version = Byte.toUnsignedInt(header.get());
        if (version != VERSION) {
            throw PackDamage.newer("format version " + version);
        }
        ChunkKind kind = kind(header.get());
        if (header.get() != 0 || header.getShort() != 0) {
            throw PackDamage.newer("reserved bytes of its header");
        }
        return new PackHeader(kind, new UUID(header.getLong(), header.getLong()));
    }

    private static ChunkKind kind(byte code) throws PackDamage {
        try {
            return ChunkKind.of(code);
        } catch (IllegalArgumentException e) {
            throw PackDamage.newer("kind " + Byte.toUnsignedInt(code));
        }
    }
}
