package dev.nightjar.storage.overlay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The end of an overlay's journal. Used under its owner's lock, except for {@link #sync}.
 *
 * <p>The file is filled with zeros ahead of its end: what was promised can be committed also when the file system is full.
 */
final class Journal implements Closeable {

    private static final int GROWTH_BYTES = 64 * 1024;

    private final OverlayFiles.OpenFile file;
    private final UUID overlay;
    private long position;
    private long filledTo;
    private long lastSequence;

    /**
     * Goes on at the end of a journal.
     *
     * @param position after the last record
     * @param lastSequence the number of the last record
     */
    Journal(OverlayFiles.OpenFile file, UUID overlay, long position, long lastSequence) throws IOException {
        this.file = file;
        this.overlay = overlay;
        this.position = position;
        this.filledTo = Math.max(position, file.size());
        this.lastSequence = lastSequence;
    }

    long lastSequence() {
        return lastSequence;
    }

    /** Appends a record. If this throws, the next one takes its place. */
    void append(JournalRecord content) throws IOException {
        if (position + 2L * JournalRecord.BYTES > filledTo) {
            file.write(ByteBuffer.allocate(GROWTH_BYTES), filledTo);
            filledTo += GROWTH_BYTES;
        }
        write(content);
    }

    /** Appends a commit, for which every other record leaves room. */
    void commit(long covered) throws IOException {
        write(new JournalRecord.Commit(covered));
    }

    void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void write(JournalRecord content) throws IOException {
        file.write(JournalRecord.encode(overlay, lastSequence + 1, content), position);
        position += JournalRecord.BYTES;
        lastSequence++;
    }
}
