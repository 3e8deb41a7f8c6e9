package dev.nightjar.storage.pack;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameCodec;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory between a pack's frames and its trailer, big-endian and unsigned, one after the other for every frame:
 *
 * <pre>
 *  0  8  offset of the frame in the pack
 *  8  4  stored length
 * 12  4  plain length
 * 16  1  codec
 * 17  4  CRC-32C of the stored bytes
 * 21  1  number of chunks, 1 to 16
 * 22     per chunk: 32 bytes id, 4 bytes plain length
 * </pre>
 *
 * Frames lie back to back: the first behind the header, the last before the directory.
 */
final class PackDirectory {

    /** Most frames of one pack. */
    static final int MAX_FRAMES = 65_536;

    private static final int FRAME_BYTES = 22;
    private static final int CHUNK_BYTES = ChunkId.BYTES + Integer.BYTES;

    private PackDirectory() {}

    static int encodedBytes(int chunks) {
        return FRAME_BYTES + chunks * CHUNK_BYTES;
    }

    static ByteBuffer encode(List<PackEntry> entries) {
        int bytes = 0;
        for (PackEntry entry : entries) {
            bytes += encodedBytes(entry.chunks().size());
        }
        ByteBuffer directory = ByteBuffer.allocate(bytes);
        for (PackEntry entry : entries) {
            directory.putLong(entry.offset()).putInt(entry.storedLength()).putInt(entry.plainLength());
            directory.put(entry.codec().code()).putInt(entry.crc32c());
            directory.put((byte) entry.chunks().size());
            for (ChunkRef chunk : entry.chunks()) {
                chunk.id().write(directory);
                directory.putInt(chunk.length());
            }
        }
        return directory.flip();
    }

    static List<PackEntry> decode(ByteBuffer directory, long directoryOffset) throws PackDamage {
        List<PackEntry> entries = new ArrayList<>();
        long end = PackHeader.BYTES;
        while (directory.hasRemaining()) {
            if (entries.size() == MAX_FRAMES) {
                throw PackDamage.damaged("it has more than " + MAX_FRAMES + " frames");
            }
            PackEntry entry = decodeEntry(directory, entries.size());
            if (entry.offset() != end) {
                throw PackDamage.damaged("frame " + entry.frameIndex() + " is not where the one before it ends");
            }
            end = entry.end();
            entries.add(entry);
        }
        if (entries.isEmpty() || end != directoryOffset) {
            throw PackDamage.damaged("its frames end at " + end + ", its directory begins at " + directoryOffset);
        }
        return entries;
    }

    private static PackEntry decodeEntry(ByteBuffer directory, int index) throws PackDamage {
        requireRemaining(directory, FRAME_BYTES);
        long offset = directory.getLong();
        long storedLength = Integer.toUnsignedLong(directory.getInt());
        long plainLength = Integer.toUnsignedLong(directory.getInt());
        byte code = directory.get();
        int crc32c = directory.getInt();
        int chunkCount = Byte.toUnsignedInt(directory.get());
        if (chunkCount > SealedFrame.MAX_CHUNKS) {
            throw PackDamage.damaged("frame " + index + " has " + chunkCount + " chunks");
        }
        requireRemaining(directory, chunkCount * CHUNK_BYTES);
        FrameCodec codec = FrameCodec.of(code)
                .orElseThrow(() -> PackDamage.newer("codec " + Byte.toUnsignedInt(code) + " in frame " + index));
        try {
            SealedFrame.requireLengths(codec, storedLength, plainLength);
            List<ChunkRef> chunks = decodeChunks(directory, chunkCount);
            return new PackEntry(index, offset, (int) storedLength, (int) plainLength, codec, crc32c, chunks);
        } catch (IllegalArgumentException e) {
            throw PackDamage.damaged("frame " + index + ": " + e.getMessage());
        }
    }

    private static List<ChunkRef> decodeChunks(ByteBuffer directory, int count) {
        List<ChunkRef> chunks = new ArrayList<>(count);
        int offset = 0;
        for (int place = 0; place < count; place++) {
            ChunkId id = ChunkId.read(directory);
            int length = directory.getInt();
            chunks.add(new ChunkRef(id, offset, length));
            offset += length;
        }
        return chunks;
    }

    private static void requireRemaining(ByteBuffer directory, int bytes) throws PackDamage {
        if (directory.remaining() < bytes) {
            throw PackDamage.damaged("its directory is cut off");
        }
    }
}
