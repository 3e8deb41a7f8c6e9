package dev.nightjar.storage.overlay;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes overlays, and opens them after whatever happened.
 *
 * <p>As long as the system was not started anew, what was written is what can be read: every record counts. Otherwise, and after a failed attempt to make something durable,
 * records count up to the last commit. Either way what counts is made durable before anybody is served, so that the next power cut takes back none of it.
 */
final class OverlayOpening {

    private static final Logger LOG = LoggerFactory.getLogger(OverlayOpening.class);

    private final OverlayFiles files;
    private final Path directory;
    private final OverlaySpec spec;
    private final OverlayLayout layout;
    private final UUID bootId;

    private final List<OverlayFiles.OpenFile> opened = new ArrayList<>();

    /** An overlay that is open: its files, and what is in them. */
    record Opened(OverlayStore store, OverlayIndex index) {}

    OverlayOpening(OverlayFiles files, Path directory, OverlaySpec spec, OverlayLayout layout, UUID bootId) {
        this.files = files;
        this.directory = directory;
        this.spec = spec;
        this.layout = layout;
        this.bootId = bootId;
    }

    /** Makes an empty one; what an attempt before left is removed. */
    Opened create() {
        return orClose(this::createIn);
    }

    Opened open() {
        return orClose(this::openIn);
    }

    private Opened createIn() throws IOException {
        files.createDirectory(directory);
        if (files.exists(directory.resolve(OverlayStore.JOURNAL))) {
            throw new IOException("there is an overlay already");
        }
        Path parent = directory.getParent();
        if (parent != null) {
            files.syncDirectory(parent);
        }
        OverlayFiles.OpenFile lock = lock();
        files.delete(directory.resolve(OverlayStore.DATA));
        OverlayFiles.OpenFile data = kept(files.create(directory.resolve(OverlayStore.DATA)));
        JournalHeader header = new JournalHeader(spec.id(), layout.blockBytes(), spec.sizeBytes(), bootId);
        OverlayIndex index = new OverlayIndex(layout);
        Journal journal = JournalFile.prepare(files, directory, header, index);
        JournalFile.install(files, directory);
        return new Opened(new OverlayStore(files, directory, header, lock, data, journal), index);
    }

    private Opened openIn() throws IOException {
        Path path = directory.resolve(OverlayStore.JOURNAL);
        if (!files.exists(path)) {
            throw new StorageException(
                    StorageErrorCode.OVERLAY_NOT_FOUND,
                    "there is no overlay in " + directory,
                    "Is the file system mounted? Bring its files back, or close the export.");
        }
        OverlayFiles.OpenFile lock = lock();
        OverlayFiles.OpenFile data = kept(files.open(directory.resolve(OverlayStore.DATA)));
        OverlayFiles.OpenFile journal = kept(files.open(path));
        JournalHeader found = JournalReader.header(journal, directory.toString());
        requireFits(found);
        Scan scan = scan(journal, found);
        JournalHeader header = new JournalHeader(found.overlay(), found.blockBytes(), found.sizeBytes(), bootId);
        Journal continued = scan.isWhole() ? continued(journal, scan) : rewritten(journal, header, data, scan.index);
        return new Opened(new OverlayStore(files, directory, header, lock, data, continued), scan.index);
    }

    private interface Step {
        Opened run() throws IOException;
    }

    /** Whatever keeps an overlay from being opened leaves no file open, so that it can be tried again. */
    private Opened orClose(Step step) {
        boolean done = false;
        try {
            Opened result = step.run();
            done = true;
            return result;
        } catch (IOException e) {
            throw new OverlayFailure(directory, files).opening(e);
        } finally {
            if (!done) {
                opened.forEach(this::closeQuietly);
            }
        }
    }

    private void closeQuietly(OverlayFiles.OpenFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("closing a file in {} failed", directory, e);
        }
    }

    private OverlayFiles.OpenFile kept(OverlayFiles.OpenFile file) {
        opened.add(file);
        return file;
    }

    private OverlayFiles.OpenFile lock() throws IOException {
        Path path = directory.resolve(OverlayStore.LOCK);
        OverlayFiles.OpenFile lock = kept(files.exists(path) ? files.open(path) : files.create(path));
        if (!lock.tryLock()) {
            throw new StorageException(
                    StorageErrorCode.OVERLAY_IN_USE,
                    "the overlay in " + directory + " is open already",
                    "Close it there first.");
        }
        return lock;
    }

    private void requireFits(JournalHeader found) {
        boolean ours = found.overlay().equals(spec.id()) && found.sizeBytes() == spec.sizeBytes();
        if (!ours || found.blockBytes() != layout.blockBytes()) {
            throw damaged("it belongs to another disk: " + found);
        }
    }

    /** A journal goes on only from a state that is durable as it is, and says so. */
    private Journal continued(OverlayFiles.OpenFile file, Scan scan) throws IOException {
        Journal journal = new Journal(file, spec.id(), scan.end, scan.last);
        journal.append(new JournalRecord.Session(bootId));
        journal.commit(journal.lastSequence());
        journal.sync();
        return journal;
    }

    private Journal rewritten(
            OverlayFiles.OpenFile old, JournalHeader header, OverlayFiles.OpenFile data, OverlayIndex index)
            throws IOException {
        data.sync();
        Journal journal = JournalFile.prepare(files, directory, header, index);
        JournalFile.install(files, directory);
        old.close();
        files.delete(directory.resolve(OverlayStore.FAILED));
        files.syncDirectory(directory);
        return journal;
    }

    private Scan scan(OverlayFiles.OpenFile file, JournalHeader header) throws IOException {
        JournalReader reader = new JournalReader(file, header);
        Ends ends = new Ends(header.bootId());
        long end = reader.forEach(ends::see);
        boolean failed = files.exists(directory.resolve(OverlayStore.FAILED));
        boolean sameBoot = bootId.equals(ends.bootId) && !failed;
        // A kill can cut off the record that was being written, and nothing else.
        if (sameBoot && !reader.isEmptyFrom(end + JournalRecord.BYTES)) {
            throw damaged("its journal is broken after record " + ends.last);
        }
        boolean whole = ends.covered == ends.last - 1 && ends.lastIsCommit && !failed && reader.isEmptyFrom(end);
        long valid = sameBoot ? ends.last : ends.covered;
        OverlayIndex index = new OverlayIndex(layout);
        reader.forEach(record -> {
            if (record.sequence() <= valid) {
                apply(record.content(), index);
            }
        });
        index.settle();
        return new Scan(index, end, ends.last, whole);
    }

    private static void apply(JournalRecord record, OverlayIndex index) {
        switch (record) {
            case JournalRecord.Cluster(long cluster, ClusterState state) -> index.put(cluster, state);
            case JournalRecord.Zero(long first, long count) -> index.zero(first, first + count);
            case JournalRecord.Commit _, JournalRecord.Session _ -> {
                // They say what counts, not what is.
            }
        }
    }

    private StorageException damaged(String why) {
        return new StorageException(
                StorageErrorCode.OVERLAY_DAMAGED,
                "the overlay in " + directory + " is damaged: " + why,
                "Discard the overlay; the point below it is not affected.");
    }

    /** What was found, and whether the journal can go on at its end. */
    private record Scan(OverlayIndex index, long end, long last, boolean isWhole) {}

    /** Remembers, record by record, what matters at the end. */
    private static final class Ends {

        private UUID bootId;
        private long last;
        private long covered;
        private boolean lastIsCommit;

        Ends(UUID bootId) {
            this.bootId = bootId;
        }

        void see(JournalRecord.Numbered record) {
            last = record.sequence();
            lastIsCommit = false;
            switch (record.content()) {
                case JournalRecord.Commit(long upTo) -> {
                    covered = upTo;
                    lastIsCommit = true;
                }
                case JournalRecord.Session(UUID boot) -> bootId = boot;
                case JournalRecord.Cluster _, JournalRecord.Zero _ -> {
                    // Looked at when it is known whether they count.
                }
            }
        }
    }
}
