package dev.nightjar.storage.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads a journal from the front. Used by one thread. */
final class JournalReader {

    private static final int RECORDS_AT_ONCE = 1024;

    private final OverlayFiles.OpenFile file;
    private final JournalHeader header;

    JournalReader(OverlayFiles.OpenFile file, JournalHeader header) {
        this.file = file;
        this.header = header;
    }

    static JournalHeader header(OverlayFiles.OpenFile file, String where) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(JournalHeader.BYTES);
        file.read(buffer, 0);
        return JournalHeader.decode(buffer.flip(), where);
    }

    /** Hands on every record, as long as one follows the other; returns where the last of them ends. */
    long forEach(Consumer<JournalRecord.Numbered> records) throws IOException {
        long position = JournalHeader.BYTES;
        long expected = 1;
        ByteBuffer buffer = ByteBuffer.allocate(RECORDS_AT_ONCE * JournalRecord.BYTES);
        while (true) {
            file.read(buffer.clear(), position);
            buffer.flip();
            while (buffer.remaining() >= JournalRecord.BYTES) {
                JournalRecord.Numbered record = JournalRecord.decode(header.overlay(), buffer);
                if (record == null || record.sequence() != expected) {
                    return position;
                }
                records.accept(record);
                buffer.position(buffer.position() + JournalRecord.BYTES);
                position += JournalRecord.BYTES;
                expected++;
            }
            if (buffer.limit() < buffer.capacity()) {
                return position;
            }
        }
    }

    /** Whether there is nothing but zeros from a position on. */
    boolean isEmptyFrom(long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(RECORDS_AT_ONCE * JournalRecord.BYTES);
        for (long at = position; at < file.size(); at += buffer.limit()) {
            file.read(buffer.clear(), at);
            buffer.flip();
            if (buffer.mismatch(ByteBuffer.allocate(buffer.limit())) >= 0) {
                return false;
            }
        }
        return true;
    }
}
