package dev.nightjar.storage.overlay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Writes whole journals, in two steps. */
final class JournalFile {

    private JournalFile() {}

    /** Writes a journal that says what an index knows, committed and durable, beside the one that counts. */
    static Journal prepare(OverlayFiles files, Path directory, JournalHeader header, OverlayIndex index)
            throws IOException {
        Path fresh = directory.resolve(OverlayStore.NEW_JOURNAL);
        files.delete(fresh);
        OverlayFiles.OpenFile file = files.create(fresh);
        boolean done = false;
        try {
            file.write(header.encode(), 0);
            Journal journal = new Journal(file, header.overlay(), JournalHeader.BYTES, 0);
            journal.append(new JournalRecord.Session(header.bootId()));
            index.describe(record -> append(journal, record));
            journal.commit(journal.lastSequence());
            journal.sync();
            done = true;
            return journal;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /** Puts the prepared journal in the place of the one that counts. If this throws, nobody knows which of them does. */
    static void install(OverlayFiles files, Path directory) throws IOException {
        files.replace(directory.resolve(OverlayStore.NEW_JOURNAL), directory.resolve(OverlayStore.JOURNAL));
        files.syncDirectory(directory);
    }

    private static void append(Journal journal, JournalRecord record) {
        try {
            journal.append(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
