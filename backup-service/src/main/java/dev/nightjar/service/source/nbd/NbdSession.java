package dev.nightjar.service.source.nbd;

import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.service.source.FrozenDisk;
import dev.nightjar.service.source.FrozenView;
import dev.nightjar.service.source.OpenExport;
import dev.nightjar.service.source.PreviousCheckpoint;
import dev.nightjar.service.source.SourceDisk;
import dev.nightjar.service.source.SourceSession;
import dev.nightjar.service.source.SourceSpec.NbdDisk;
import dev.nightjar.service.source.SourceSpec.NbdSource;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Exports of somebody else. They are frozen by whoever manages them, so freezing only says when. Immutable. */
public final class NbdSession implements SourceSession {

    private final List<NbdDisk> disks;
    private final List<NbdUri> exports;
    private final Clock clock;

    /**
     * Takes the source as it is; connects to nothing yet.
     *
     * @throws dev.nightjar.nbd.client.NbdException INVALID_URI
     */
    public NbdSession(NbdSource source, Clock clock) {
        this.disks = source.disks();
        this.exports = disks.stream().map(disk -> NbdUri.parse(disk.uri())).toList();
        this.clock = clock;
    }

    @Override
    public List<SourceDisk> disks() {
        return disks.stream().map(disk -> new SourceDisk(disk.name(), false)).toList();
    }

    @Override
    public FrozenView freeze(Map<String, PreviousCheckpoint> previous) {
        List<FrozenDisk> frozen = IntStream.range(0, disks.size())
                .mapToObj(i -> frozen(disks.get(i), exports.get(i)))
                .toList();
        return new Exports(clock.instant(), frozen);
    }

    @Override
    public void close() {
        // There is no connection but those of the view's readers.
    }

    /** The context of a disk's bitmap, or null without one. */
    static @Nullable String dirtyContext(NbdDisk disk) {
        String bitmap = disk.dirtyBitmap();
        return bitmap == null || bitmap.isEmpty() ? null : OpenExport.DIRTY_PREFIX + bitmap;
    }

    private static FrozenDisk frozen(NbdDisk disk, NbdUri export) {
        return new FrozenDisk(disk.name(), export, dirtyContext(disk), true, null, null);
    }

    /** A view in name only. */
    private record Exports(Instant instant, List<FrozenDisk> disks) implements FrozenView {

        @Override
        public void requireIntact() {
            // Whoever manages the exports answers for that.
        }

        @Override
        public void committed() {
            // The bitmap is not ours.
        }

        @Override
        public void close() {
            // Nothing was made.
        }
    }
}
