package dev.nightjar.storage.overlay;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk that can be written, though what is below it never changes. Thread-safe; methods block.
 *
 * <p>What was written survives when the process is killed, and what was written before a {@link #flush} that returned survives a power cut too; then the rest is there or is not, each
 * byte as it was or as it was written, and never anything else. When there is no room left a write is refused with OVERLAY_FULL, and everything else stays as it is. When something
 * could not be made durable every method throws OVERLAY_FAILED from then on.
 */
public final class Overlay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Overlay.class);

    /** A journal is written anew when it has so many records, and four times as many as are needed. */
    private static final long JOURNAL_RECORDS = 64 * 1024;

    private final OverlaySpec spec;
    private final OverlayLayout layout;
    private final BaseDisk base;
    private final OverlayStore store;
    private final OverlayIndex index;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final ReentrantLock flushing = new ReentrantLock();
    /** Whether something was written since data was last made durable; by whoever had it open before, nobody knows. */
    private boolean dataChanged = true;

    private Overlay(OverlaySpec spec, OverlayLayout layout, BaseDisk base, OverlayOpening.Opened opened) {
        this.spec = spec;
        this.layout = layout;
        this.base = base;
        store = opened.store();
        index = opened.index();
    }

    /**
     * Makes an empty overlay, durably.
     *
     * @param directory where it lies; its parent exists
     * @throws StorageException OVERLAY_NOT_WRITABLE, OVERLAY_IN_USE
     */
    public static Overlay create(Path directory, OverlaySpec spec, BaseDisk base) {
        return create(new LocalOverlayFiles(), directory, spec, OverlayLayout.DEFAULT, BootId.current(), base);
    }

    /**
     * Opens an overlay after whatever happened to it.
     *
     * @throws StorageException OVERLAY_NOT_FOUND, OVERLAY_IN_USE, OVERLAY_DAMAGED, OVERLAY_NOT_WRITABLE; it can be tried again then
     */
    public static Overlay open(Path directory, OverlaySpec spec, BaseDisk base) {
        return open(new LocalOverlayFiles(), directory, spec, OverlayLayout.DEFAULT, BootId.current(), base);
    }

    /** Removes an overlay that nobody has open, and whatever a crash left of it. */
    public static void delete(Path directory) throws IOException {
        OverlayFiles files = new LocalOverlayFiles();
        if (!files.exists(directory)) {
            return;
        }
        for (String name : List.of(
                OverlayStore.JOURNAL,
                OverlayStore.NEW_JOURNAL,
                OverlayStore.FAILED,
                OverlayStore.DATA,
                OverlayStore.LOCK)) {
            files.delete(directory.resolve(name));
        }
        files.delete(directory);
    }

    static Overlay create(
            OverlayFiles files, Path directory, OverlaySpec spec, OverlayLayout layout, UUID bootId, BaseDisk base) {
        return new Overlay(spec, layout, base, new OverlayOpening(files, directory, spec, layout, bootId).create());
    }

    static Overlay open(
            OverlayFiles files, Path directory, OverlaySpec spec, OverlayLayout layout, UUID bootId, BaseDisk base) {
        return new Overlay(spec, layout, base, new OverlayOpening(files, directory, spec, layout, bootId).open());
    }

    /** The disk's size. */
    public long size() {
        return spec.sizeBytes();
    }

    /** How much data it holds, in bytes; at most the limit. */
    public long usedBytes() {
        lock.readLock().lock();
        try {
            return index.usedBytes();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Whether anything was written, zeroed or discarded since it was made. */
    public boolean isChanged() {
        lock.readLock().lock();
        try {
            return index.size() > 0;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Hands on what is known of a range, from front to back. */
    public void read(long offset, long length, OverlayReader reader) {
        requireWithin(offset, length);
        lock.readLock().lock();
        try {
            store.requireSound();
            long end = offset + length;
            for (long at = offset; at < end; ) {
                KindRun run = index.run(at, end);
                switch (run.kind()) {
                    case BASE -> reader.base(at, run.length());
                    case ZERO -> reader.zeros(run.length());
                    case DATA -> readData(at, (int) run.length(), reader);
                }
                at += run.length();
            }
        } catch (IOException e) {
            throw store.failure().reading(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** What a range consists of, at most so many runs of it from its front on; neighbours may be alike. */
    public List<KindRun> runs(long offset, long length, int most) {
        requireWithin(offset, length);
        List<KindRun> runs = new ArrayList<>();
        lock.readLock().lock();
        try {
            store.requireSound();
            long end = offset + length;
            for (long at = offset; at < end && runs.size() < most; ) {
                KindRun run = index.run(at, end);
                runs.add(run);
                at += run.length();
            }
        } finally {
            lock.readLock().unlock();
        }
        return runs;
    }

    /** Writes the bytes from position to limit, both of which stay. If this throws, a part of them may have been written. */
    public void write(long offset, ByteBuffer bytes) {
        requireWithin(offset, bytes.remaining());
        lock.writeLock().lock();
        try {
            store.requireSound();
            writeAll(offset, bytes);
        } catch (IOException e) {
            throw store.failure().writing(e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Makes a range zero. It takes no space but for its ragged ends. */
    public void zero(long offset, long length) {
        clear(offset, length, true);
    }

    /** Gives up the content of a range: whole blocks become zero, ragged ends stay as they are. */
    public void trim(long offset, long length) {
        clear(offset, length, false);
    }

    /** Makes everything durable that was written before; does nothing if nothing was. */
    public void flush() {
        flushing.lock();
        try {
            commit();
        } finally {
            flushing.unlock();
        }
    }

    /** Flushes if that is possible, and lets the files go. */
    @Override
    public void close() {
        try {
            flush();
        } catch (StorageException e) {
            LOG.warn("an overlay was closed without its last writes being durable", e);
        }
        lock.writeLock().lock();
        try {
            store.close();
        } catch (IOException e) {
            LOG.warn("closing an overlay failed", e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void commit() {
        long covered;
        List<Integer> givenUp;
        boolean changed;
        lock.writeLock().lock();
        try {
            store.requireSound();
            if (!dataChanged && !store.hasUncommitted()) {
                return;
            }
            changed = dataChanged;
            dataChanged = false;
            covered = store.lastSequence();
            givenUp = index.slots().takeGivenUp();
        } finally {
            lock.writeLock().unlock();
        }
        boolean done = false;
        try {
            // A record may name a slot that was written before the last commit, but then it is durable already.
            if (changed) {
                store.syncData();
            }
            if (store.hasUncommitted()) {
                commitJournal(covered);
            }
            done = true;
        } finally {
            settle(done, changed, givenUp);
        }
        tidyUp();
    }

    private void commitJournal(long covered) {
        lock.writeLock().lock();
        try {
            store.commit(covered);
        } finally {
            lock.writeLock().unlock();
        }
        store.syncJournal();
        lock.writeLock().lock();
        try {
            store.committed(covered);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void settle(boolean done, boolean changed, List<Integer> givenUp) {
        lock.writeLock().lock();
        try {
            if (done) {
                index.slots().free(givenUp);
            } else {
                index.slots().putBack(givenUp);
                dataChanged |= changed;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void tidyUp() {
        lock.writeLock().lock();
        try {
            long records = store.lastSequence();
            if (records > JOURNAL_RECORDS && records > 4L * index.size()) {
                store.syncData();
                List<Integer> givenUp = index.slots().takeGivenUp();
                boolean rewritten = store.rewrite(index);
                settle(rewritten, false, givenUp);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void readData(long offset, int length, OverlayReader reader) throws IOException {
        long cluster = layout.cluster(offset);
        ClusterState state = index.get(cluster);
        ByteBuffer target = reader.data(length);
        store.read(state.slot(), (int) (offset - layout.start(cluster)), target.slice());
    }

    private void writeAll(long offset, ByteBuffer bytes) throws IOException {
        int start = bytes.position();
        int length = bytes.remaining();
        for (int done = 0; done < length; ) {
            long at = offset + done;
            long cluster = layout.cluster(at);
            int from = (int) (at - layout.start(cluster));
            int room = Math.min(layout.clusterBytes() - from, length - done);
            writeWithin(cluster, from, bytes.slice(start + done, room));
            done += room;
        }
    }

    private void writeWithin(long cluster, int from, ByteBuffer bytes) throws IOException {
        ClusterWrite write = ClusterWrite.plan(layout, cluster, index.get(cluster), from, bytes.remaining());
        long more = (long) Integer.bitCount(write.fresh()) * layout.blockBytes();
        if (more > spec.limitBytes() - index.usedBytes()) {
            throw full();
        }
        ByteBuffer content = write.content(bytes, base, spec.sizeBytes());
        boolean taken = write.before().slot() == ClusterState.NO_SLOT;
        int slot = taken ? index.slots().take() : write.before().slot();
        boolean written = false;
        try {
            store.write(slot, write.from(), content);
            written = true;
        } finally {
            dataChanged = true;
            if (!written && taken) {
                index.slots().untake(slot);
            }
        }
        if (write.fresh() != 0) {
            record(cluster, write.before().written(slot, write.fresh()), taken ? slot : ClusterState.NO_SLOT);
        }
    }

    private void record(long cluster, ClusterState state, int takenSlot) throws IOException {
        boolean recorded = false;
        try {
            store.append(new JournalRecord.Cluster(cluster, state));
            recorded = true;
        } finally {
            if (!recorded && takenSlot != ClusterState.NO_SLOT) {
                // The record may have been written nevertheless: until another one stands in its place the slot is not
                // used.
                index.slots().giveUp(takenSlot);
            }
        }
        index.put(cluster, state);
    }

    private void clear(long offset, long length, boolean exactly) {
        requireWithin(offset, length);
        long end = offset + length;
        long firstBlock = Math.ceilDiv(offset, (long) layout.blockBytes());
        long endBlock = end == size() ? Math.ceilDiv(end, (long) layout.blockBytes()) : end / layout.blockBytes();
        lock.writeLock().lock();
        try {
            store.requireSound();
            if (exactly) {
                long head = firstBlock > endBlock ? end : Math.min(end, firstBlock * layout.blockBytes());
                writeZeros(offset, head);
                writeZeros(end == size() ? end : Math.max(head, endBlock * layout.blockBytes()), end);
            }
            if (firstBlock < endBlock) {
                clearBlocks(firstBlock, endBlock, exactly);
            }
        } catch (IOException e) {
            throw store.failure().writing(e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Writes zeros within one block, unless it is zero already. */
    private void writeZeros(long from, long to) throws IOException {
        if (from < to && index.run(from, to).kind() != BlockKind.ZERO) {
            writeAll(from, ByteBuffer.allocate((int) (to - from)));
        }
    }

    private void clearBlocks(long firstBlock, long endBlock, boolean exactly) throws IOException {
        long lastOfDisk = Math.ceilDiv(size(), (long) layout.blockBytes());
        long first = Math.ceilDiv(firstBlock, (long) OverlayLayout.BLOCKS);
        long end = endBlock == lastOfDisk ? layout.clusters(size()) : endBlock / OverlayLayout.BLOCKS;
        int head = (int) (firstBlock % OverlayLayout.BLOCKS);
        int tail = (int) (endBlock % OverlayLayout.BLOCKS);
        if (first > end) {
            clearWithin(end, OverlayLayout.mask(head, tail));
            return;
        }
        if (head > 0) {
            clearWithin(first - 1, OverlayLayout.mask(head, OverlayLayout.BLOCKS));
        }
        if (first < end) {
            clearClusters(first, end, exactly);
        }
        if (tail > 0 && endBlock != lastOfDisk) {
            clearWithin(end, OverlayLayout.mask(0, tail));
        }
    }

    private void clearWithin(long cluster, int blocks) throws IOException {
        ClusterState before = index.get(cluster);
        ClusterState after = before.zeroed(blocks);
        if (!after.equals(before)) {
            record(cluster, after, ClusterState.NO_SLOT);
        }
    }

    private void clearClusters(long first, long end, boolean exactly) throws IOException {
        if (index.isZero(first, end)) {
            return;
        }
        if (!index.hasRoomForZeros()) {
            if (exactly) {
                throw full();
            }
            return;
        }
        store.append(new JournalRecord.Zero(first, end - first));
        index.zero(first, end);
    }

    private StorageException full() {
        return new StorageException(
                StorageErrorCode.OVERLAY_FULL,
                "the overlay holds " + index.usedBytes() + " of " + spec.limitBytes() + " bytes",
                "Keep it as a point, discard it, or open an export with a higher limit.");
    }

    private void requireWithin(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of a disk of " + size() + " bytes");
        }
    }
}
