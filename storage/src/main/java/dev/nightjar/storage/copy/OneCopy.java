package dev.nightjar.storage.copy;

import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestProgress;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The copying of one point.
 *
 * @param holder who protects the source's points meanwhile
 */
record OneCopy(Repository source, Repository target, UUID holder) {

    /** A content that both repositories have. */
    private record Base(PointRecord original, PointRecord copy) {}

    CopiedPoint copy(PointRecord wanted, RunLease lease, CopyMeter meter) {
        PointRecord point = source.protect(holder, wanted.id());
        Base base = base(point);
        RecoveryPointReader reader = source.reader(point);
        try (IngestSession session = target.beginIngest(lease)) {
            DiskIngest ingest = session.disk(
                    new DiskDescription(point.machineId(), point.machineName(), point.diskName(), point.sizeBytes()),
                    base == null ? null : base.copy.id());
            feed(reader, base, ingest, meter);
            PointRecord copy = session.commitCopy(
                    point, source.config().repositoryId(), candidate -> prove(reader, base, candidate));
            IngestProgress moved = ingest.progress();
            return new CopiedPoint(
                    copy, base == null ? null : base.original.id(), moved.readBytes(), moved.storedBytes());
        }
    }

    private void feed(RecoveryPointReader reader, @Nullable Base base, DiskIngest ingest, CopyMeter meter) {
        ChunkSize unit = target.config().chunkSize();
        MeteredSink sink = new MeteredSink(new WholeChunks(ingest, unit.bytes(), reader.size()), ingest, meter);
        try {
            if (base == null) {
                reader.regions(0, reader.size(), sink);
            } else {
                reader.changes(base.original.root(), unit, sink);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void prove(RecoveryPointReader reader, @Nullable Base base, PointRecord copy) {
        MapRoot nothing = MapRoot.zero(reader.point().root().chunkCount());
        MapRoot nothingThere = MapRoot.zero(copy.root().chunkCount());
        new CopyProof(reader, target.reader(copy), source.config().chunkSize())
                .require(base == null ? nothing : base.original.root(), base == null ? nothingThere : base.copy.root());
    }

    /** The point nearest in time that both have of the disk; it is protected then. Null if there is none. */
    private @Nullable Base base(PointRecord point) {
        Map<UUID, PointRecord> copies = target.points().stream()
                .filter(copy -> isOfSameDisk(copy, point))
                .collect(Collectors.toMap(PointRecord::id, Function.identity()));
        return source.points().stream()
                .filter(other -> isOfSameDisk(other, point) && copies.containsKey(other.id()))
                .min(Comparator.comparing(other ->
                        Duration.between(other.instant(), point.instant()).abs()))
                .flatMap(other -> Optional.ofNullable(copies.get(other.id()))
                        .map(copy -> new Base(source.protect(holder, other.id()), copy)))
                .orElse(null);
    }

    private static boolean isOfSameDisk(PointRecord one, PointRecord other) {
        return one.machineId().equals(other.machineId())
                && one.diskName().equals(other.diskName())
                && one.sizeBytes() == other.sizeBytes();
    }
}
