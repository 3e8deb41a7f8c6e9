package dev.nightjar.storage.overlay;

import dev.nightjar.storage.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one overlay:
 *
 * <pre>
 * data        slots of sixteen blocks, wherever there was room
 * journal     which cluster lies in which slot, and up to where that is durable
 * journal.new a journal that is being written anew, or what a crash left of it
 * failed      there if making something durable has failed
 * lock        held by the process that has the overlay open
 * </pre>
 *
 * <p>The order of a write is data, then journal; of a commit, data durable, then the commit's record, then the journal durable. So a record never names a slot whose content the
 * system has not been given, and a commit covers none whose content is not durable.
 *
 * <p>Used under its owner's lock, except for {@link #syncData}, {@link #syncJournal} and reading.
 */
final class OverlayStore implements Closeable {

    static final String DATA = "data";
    static final String JOURNAL = "journal";
    static final String NEW_JOURNAL = "journal.new";
    static final String FAILED = "failed";
    static final String LOCK = "lock";

    private static final Logger LOG = LoggerFactory.getLogger(OverlayStore.class);

    private final OverlayFiles files;
    private final Path directory;
    private final OverlayLayout layout;
    private final JournalHeader header;
    private final OverlayFiles.OpenFile lock;
    private final OverlayFiles.OpenFile data;
    private final OverlayFailure failure;
    private Journal journal;
    private long committed;
    private volatile @Nullable StorageException poison;

    /** Takes over open files; {@code journal} is wholly committed. */
    OverlayStore(
            OverlayFiles files,
            Path directory,
            JournalHeader header,
            OverlayFiles.OpenFile lock,
            OverlayFiles.OpenFile data,
            Journal journal) {
        this.files = files;
        this.directory = directory;
        this.layout = new OverlayLayout(header.blockBytes());
        this.header = header;
        this.lock = lock;
        this.data = data;
        this.journal = journal;
        failure = new OverlayFailure(directory, files);
        committed = journal.lastSequence();
    }

    OverlayFailure failure() {
        return failure;
    }

    /** Throws if a commit has failed before. */
    void requireSound() {
        StorageException cause = poison;
        if (cause != null) {
            throw new StorageException(cause.code(), String.valueOf(cause.getMessage()), cause.hint(), cause);
        }
    }

    void read(int slot, int offset, ByteBuffer target) throws IOException {
        int limit = target.limit();
        data.read(target, at(slot, offset));
        if (target.position() < limit) {
            throw new IOException("its data ends within slot " + slot);
        }
    }

    void write(int slot, int offset, ByteBuffer content) throws IOException {
        data.write(content, at(slot, offset));
    }

    void append(JournalRecord record) throws IOException {
        journal.append(record);
    }

    /** The number of the last record. */
    long lastSequence() {
        return journal.lastSequence();
    }

    /** Whether a record is not committed yet. */
    boolean hasUncommitted() {
        return lastSequence() > committed;
    }

    /** Makes the data durable that was written before; a failure is final. */
    void syncData() {
        try {
            data.sync();
        } catch (IOException e) {
            throw poisoned(e);
        }
    }

    /** Says that everything up to a record is durable, which counts once the journal is. */
    void commit(long covered) {
        try {
            journal.commit(covered);
        } catch (IOException e) {
            throw failure.writing(e);
        }
    }

    /** Makes the journal durable up to now; a failure is final. */
    void syncJournal() {
        try {
            journal.sync();
        } catch (IOException e) {
            throw poisoned(e);
        }
    }

    /** The commit of so many records is durable. */
    void committed(long covered) {
        // Its own record needs no other.
        committed = lastSequence() == covered + 1 ? covered + 1 : covered;
    }

    /** Replaces the journal by one that says only what is; for lack of space the old one goes on, and this says false. The data must be durable. */
    boolean rewrite(OverlayIndex index) {
        Journal fresh;
        try {
            fresh = JournalFile.prepare(files, directory, header, index);
        } catch (IOException e) {
            LOG.warn("the journal of the overlay in {} stays as long as it is", directory, e);
            return false;
        }
        try {
            JournalFile.install(files, directory);
            journal.close();
        } catch (IOException e) {
            throw poisoned(e);
        } finally {
            journal = fresh;
        }
        committed = fresh.lastSequence();
        return true;
    }

    @Override
    public void close() throws IOException {
        Journal open = journal;
        try (lock;
                data;
                open) {
            LOG.debug("closing the overlay in {}", directory);
        }
    }

    private long at(int slot, int offset) {
        return (long) slot * layout.clusterBytes() + offset;
    }

    /** The system may have dropped what it could not write and call the next attempt a success, so there is none. */
    private StorageException poisoned(IOException cause) {
        StorageException poisoned = failure.poisoned(cause);
        if (poison == null) {
            poison = poisoned;
            try {
                files.create(directory.resolve(FAILED)).close();
                files.syncDirectory(directory);
            } catch (IOException e) {
                LOG.warn("that the overlay in {} failed could not be written down", directory, e);
            }
        }
        return poisoned;
    }
}
