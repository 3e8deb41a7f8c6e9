package dev.nightjar.storage.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** PostgreSQL's binary COPY format of rows (pack integer, slot integer, key uuid). */
final class ChunkRowStream {

    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER_BYTES = SIGNATURE.length + 2 * Integer.BYTES;
    private static final int FIELDS = 3;
    private static final int ROW_BYTES = Short.BYTES + FIELDS * Integer.BYTES + 2 * Integer.BYTES + ChunkKey.BYTES;
    private static final short END = -1;

    private ChunkRowStream() {}

    static byte[] encode(int pack, List<ChunkEntry> chunks) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + chunks.size() * ROW_BYTES + Short.BYTES);
        out.put(SIGNATURE).putInt(0).putInt(0);
        for (ChunkEntry chunk : chunks) {
            out.putShort((short) FIELDS);
            out.putInt(Integer.BYTES).putInt(pack);
            out.putInt(Integer.BYTES).putInt(ChunkLocation.slot(chunk.frame(), chunk.place()));
            out.putInt(ChunkKey.BYTES)
                    .putLong(chunk.key().high())
                    .putLong(chunk.key().low());
        }
        return out.putShort(END).array();
    }
}
