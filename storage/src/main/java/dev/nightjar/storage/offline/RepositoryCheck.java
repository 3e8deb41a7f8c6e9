package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.offline.PackBytes.Verdict;
import dev.nightjar.storage.offline.Progress.Phase;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * One check. Used once, by one thread.
 *
 * <p>Others may write meanwhile, so the order matters: records first, then packs, for what a record needs was stored before it. What then is missing may have been deleted with its point, or moved to a
 * pack that came later; so before anything is called damage, it is looked for again.
 */
final class RepositoryCheck {

    /** So often new packs are looked for while something is missing; every one of these is another reclaim that ended in between. */
    private static final int MOST_LOOKS = 5;

    private final BlobStore blobs;
    private final PackReader reader;
    private final PackBytes bytes;
    private final RepositoryIndex index;
    private final MapReader maps;
    private final ChunkSize chunkSize;
    private final CheckOptions options;
    private final Progress progress;
    private final List<Flaw> flaws = Collections.synchronizedList(new ArrayList<>());
    private final Set<Integer> proven = new HashSet<>();
    private final AtomicLong read = new AtomicLong();

    RepositoryCheck(
            BlobStore blobs,
            PackReader reader,
            PackBytes bytes,
            RepositoryIndex index,
            MapReader maps,
            ChunkSize chunkSize,
            CheckOptions options,
            Progress progress) {
        this.blobs = blobs;
        this.reader = reader;
        this.bytes = bytes;
        this.index = index;
        this.maps = maps;
        this.chunkSize = chunkSize;
        this.options = options;
        this.progress = progress;
    }

    CheckReport run(PointRecords records, List<String> unproven) {
        boolean everything = options.points().isEmpty();
        if (everything) {
            flaws.addAll(records.flaws());
        } else {
            requireRecords(records);
        }
        List<PointRecord> points = records.points().stream()
                .filter(point -> everything || options.points().contains(point.id()))
                .toList();
        index.refresh(progress);
        provePacks(points);
        List<UnreadablePart> unreadable = unreadable(points);
        for (int look = 0; look < MOST_LOOKS && !unreadable.isEmpty() && index.refresh(Progress.NONE); look++) {
            provePacks(points);
            unreadable =
                    unreadable(unreadable.stream().map(UnreadablePart::point).toList());
        }
        if (everything) {
            flaws.addAll(index.flaws());
        }
        List<String> foreign = new ArrayList<>(records.foreign());
        foreign.addAll(index.foreign());
        List<Flaw> stillThere = flaws.stream()
                .filter(flaw -> blobs.exists(flaw.blob()))
                .distinct()
                .toList();
        List<IndexedPack> packs = index.packs();
        return new CheckReport(
                packs.size() + index.flaws().size(),
                packs.stream().mapToLong(IndexedPack::bytes).sum(),
                read.get(),
                index.chunks().size(),
                points.size(),
                stillThere,
                unreadable,
                foreign,
                unproven);
    }

    private void requireRecords(PointRecords records) {
        for (Flaw flaw : records.flaws()) {
            PointName.parse(flaw.blob()).filter(options.points()::contains).ifPresent(_ -> flaws.add(flaw));
        }
        Set<String> known = new HashSet<>();
        records.points().forEach(point -> known.add(PointName.of(point.id())));
        records.flaws().forEach(flaw -> known.add(flaw.blob()));
        options.points().forEach(point -> {
            if (!known.contains(PointName.of(point))) {
                throw new StorageException(
                        StorageErrorCode.POINT_NOT_FOUND,
                        "there is no point " + point + " in " + blobs.location(),
                        "Look at the list of points; it may have been deleted.");
            }
        });
    }

    /** Proves the packs that were not proven yet. */
    private void provePacks(List<PointRecord> points) {
        if (!options.payload()) {
            return;
        }
        List<IndexedPack> packs = index.packs();
        Set<Integer> needed = options.points().isEmpty() ? Set.of() : needed(points);
        List<Integer> numbers = IntStream.range(0, packs.size())
                .filter(number -> options.points().isEmpty() || needed.contains(number))
                .filter(proven::add)
                .boxed()
                .toList();
        long total =
                numbers.stream().mapToLong(number -> packs.get(number).bytes()).sum();
        AtomicLong done = new AtomicLong();
        Workers.each(
                numbers,
                number -> prove(packs.get(number).id(), number, length -> {
                    read.addAndGet(length);
                    progress.at(Phase.PACKS, done.addAndGet(length), total);
                }));
    }

    private void prove(PackId id, int number, LongConsumer heard) {
        Verdict verdict;
        try {
            StoredPack pack = reader.directory(id);
            verdict = bytes.prove(
                    pack, number, (chunk, location) -> index.chunks().markDamaged(chunk.id(), location), heard);
        } catch (StorageException e) {
            if (!Flaw.isOfOneBlob(e)) {
                throw e;
            }
            // It was whole a moment ago: deleted, or damaged or unreadable now. What it held is looked for elsewhere.
            flaws.add(Flaw.of(id.blobName(), e));
            index.chunks().markPackDamaged(number);
            return;
        }
        if (verdict == Verdict.DAMAGED) {
            flaws.add(new Flaw(
                    id.blobName(), StorageErrorCode.DATA_DAMAGED, "pack " + id + " is not what its name says"));
        }
    }

    private Set<Integer> needed(List<PointRecord> points) {
        ChunkUses uses = new ChunkUses(maps, index.chunks());
        uses.walk(points, Progress.NONE);
        Set<Integer> needed = new HashSet<>();
        index.chunks().users((location, user, _) -> {
            if (user != ChunkIndex.UserVisitor.NOBODY) {
                needed.add(location.pack());
            }
        });
        return needed;
    }

    private List<UnreadablePart> unreadable(List<PointRecord> points) {
        MapSurvey survey = new MapSurvey(maps, index.chunks(), chunkSize);
        List<UnreadablePart> unreadable = new ArrayList<>();
        int done = 0;
        for (PointRecord point : points) {
            UnreadablePart part = survey.of(point);
            if (!part.isEmpty() && blobs.exists(PointName.of(point.id()))) {
                unreadable.add(part);
            }
            progress.at(Phase.MAPS, ++done, points.size());
        }
        return unreadable;
    }
}
