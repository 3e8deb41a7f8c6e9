package dev.nightjar.storage.ingest;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.map.MapWriter;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointTotals;
import dev.nightjar.storage.seal.SealedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run's ingest: the content of some disks goes in, and at the end all of their points become complete together or none does.
 *
 * <p>Thread-safe; each disk is fed by one thread at a time. Memory is bounded whatever the disks' sizes are. Until {@link #commit} has
 * returned there is no point; whatever ends the run before, what was stored until then is known to the next run and not stored again.
 */
public final class IngestSession implements AutoCloseable {

    private final IngestResources resources;
    private final IngestLimits limits;
    private final RunState run;
    private final RegionBuffers buffers;
    private final IngestPipeline pipeline;
    private final NodeSink nodes;
    private final List<OpenDisk> disks = new ArrayList<>();
    private boolean closed;

    private record OpenDisk(DiskIngest ingest, @Nullable UUID parent) {}

    private IngestSession(IngestResources resources, IngestLimits limits, RunState run) {
        this.resources = resources;
        this.limits = limits;
        this.run = run;
        Catalog catalog = resources.catalog();
        int chunkBytes = resources.config().chunkSize().bytes();
        int regionChunks = Math.min(SealedFrame.MAX_CHUNKS, SealedFrame.MAX_PLAIN_BYTES / chunkBytes);
        int regionBytes = regionChunks * chunkBytes;
        buffers = new RegionBuffers(
                regionBytes, Math.toIntExact(Math.ceilDiv(limits.bufferedBytes(), (long) regionBytes)));
        pipeline = new IngestPipeline(
                run,
                new ByteBudget(limits.bufferedBytes()),
                buffers,
                new HashStage(resources.hasher(), resources.workers()),
                new LookUpStage(run, catalog, resources.workers()),
                new PackStage(packs(ChunkKind.DATA, resources.config().packTargetBytes())));
        PackStream nodePacks = packs(
                ChunkKind.MAP_NODE,
                Math.min(limits.mapPackBytes(), resources.config().packTargetBytes()));
        nodes = new NodeSink(run, catalog, resources.nodes(), pipeline, nodePacks);
    }

    /**
     * Takes the lease and begins.
     *
     * @throws StorageException LEASE_LOST, CATALOG_NEEDS_REBUILD, CATALOG_UNAVAILABLE
     */
    public static IngestSession begin(IngestResources resources, RunLease lease) {
        return begin(resources, lease, IngestLimits.DEFAULT);
    }

    static IngestSession begin(IngestResources resources, RunLease lease, IngestLimits limits) {
        return new IngestSession(resources, limits, RunState.begin(resources.catalog(), lease));
    }

    /** Begins a disk: incremental on its parent, or full without one. */
    public DiskIngest disk(DiskDescription disk, @Nullable UUID parentPoint) {
        return disk(disk, parentPoint, parentPoint == null ? CaptureMode.FULL : CaptureMode.INCREMENTAL);
    }

    /**
     * Begins a disk. The parent's chunks are protected until the run ends, even if the parent is deleted meanwhile.
     *
     * @param parentPoint the point before this one in the disk's history; an incremental capture needs it, and of the same size
     * @param mode incremental: what is not mentioned is the parent's; full: it is zero
     * @throws StorageException POINT_NOT_FOUND, INVALID_ARGUMENT, LEASE_LOST, CATALOG_UNAVAILABLE
     */
    public synchronized DiskIngest disk(DiskDescription disk, @Nullable UUID parentPoint, CaptureMode mode) {
        requireOpen();
        if (disks.stream().anyMatch(open -> open.ingest.disk().diskName().equals(disk.diskName()))) {
            throw new StorageException(
                    StorageErrorCode.INVALID_ARGUMENT,
                    "Disk " + disk.diskName() + " is in the run twice",
                    "Give every disk of a machine a name of its own.");
        }
        PointRecord parent = parentPoint == null ? null : protect(parentPoint);
        if (mode == CaptureMode.INCREMENTAL && (parent == null || parent.sizeBytes() != disk.sizeBytes())) {
            throw new StorageException(
                    StorageErrorCode.INVALID_ARGUMENT,
                    "Disk " + disk.diskName() + " has " + disk.sizeBytes() + " bytes, its parent "
                            + (parent == null ? "does not exist" : "has " + parent.sizeBytes()),
                    "Read the disk in full.");
        }
        ChunkSize chunkSize = resources.config().chunkSize();
        long chunkCount = chunkSize.count(disk.sizeBytes());
        boolean builds = mode == CaptureMode.INCREMENTAL;
        MapRoot base = builds && parent != null ? parent.root() : MapRoot.zero(chunkCount);
        MapWriter writer = new MapWriter(nodes, resources.hasher(), base, chunkCount);
        DiskIngest ingest = new DiskIngest(
                disk,
                mode,
                chunkSize,
                run,
                pipeline,
                buffers,
                new MapFeed(run, writer, builds, limits.queuedMapItems()),
                new ParentMap(
                        parent == null ? null : parent.root(),
                        new MapReader(resources.nodes(), resources.hasher()),
                        resources.hasher()),
                builds && parent != null ? parent.damaged() : DamagedRanges.NONE);
        disks.add(new OpenDisk(ingest, parentPoint));
        return ingest;
    }

    /**
     * Makes the points of all disks complete. Nobody may hand in data any more. When this throws, there is no point, with one
     * exception: if the catalog went away during the very last step, its outcome is unknown until it comes back.
     *
     * @throws StorageException LEASE_LOST, PACK_NOT_LIVE, CATALOG_UNAVAILABLE, or what broke the run earlier
     */
    public CommittedSet commit(PointFacts facts) {
        List<PointRecord> points = commit((disk, root) -> record(disk, root, facts), PointCommit::commit);
        return new CommittedSet(facts.setId(), points);
    }

    /**
     * Makes the run's only disk a copy of another repository's point: of the same id, with all of its facts. What a copy of this point left that never became complete is replaced.
     *
     * @param original the point that the content is of
     * @param from its repository
     * @param proof given the point once all of its content is stored and known, and before it counts; what it throws ends the run without a point
     * @throws StorageException as {@link #commit}
     */
    public PointRecord commitCopy(PointRecord original, UUID from, Consumer<PointRecord> proof) {
        return commit((_, root) -> original.copy(root, from), (commit, points) -> {
                    points.forEach(proof);
                    commit.commitReplacing(points);
                })
                .getFirst();
    }

    private synchronized List<PointRecord> commit(
            BiFunction<OpenDisk, MapRoot, PointRecord> record, BiConsumer<PointCommit, List<PointRecord>> how) {
        requireOpen();
        try {
            List<PointRecord> points = new ArrayList<>();
            for (OpenDisk disk : disks) {
                points.add(record.apply(disk, disk.ingest.finish()));
            }
            nodes.finish();
            run.requireHealthy();
            how.accept(new PointCommit(run, resources.catalog(), resources.blobs(), resources.codec()), points);
            return points;
        } catch (RuntimeException e) {
            run.fail(e);
            throw e;
        } finally {
            shutDown();
        }
    }

    /**
     * Stores what was handed in and makes no points of it: for the sake of chunks that are damaged in the repository, which are sound again when this returns. Ends the run.
     *
     * @throws StorageException as {@link #commit}
     */
    public synchronized void store() {
        requireOpen();
        try {
            disks.forEach(disk -> disk.ingest.finish());
            nodes.finish();
            run.requireHealthy();
            run.end();
        } catch (RuntimeException e) {
            run.fail(e);
            throw e;
        } finally {
            shutDown();
        }
    }

    /** How many chunks and map nodes were damaged in the repository and are sound again, because the run has stored them anew. */
    public long healedChunks() {
        return run.healedChunks();
    }

    /**
     * Gives the run up: nothing becomes a point, what was stored stays known. Does nothing once the run is committed or aborted.
     * Threads that hand in data get INGEST_ABORTED.
     */
    public void abort() {
        run.fail(new StorageException(
                StorageErrorCode.INGEST_ABORTED, "The run was aborted", "Run the backup again when it suits."));
        synchronized (this) {
            if (!closed) {
                shutDown();
            }
        }
    }

    /** The same as {@link #abort}. */
    @Override
    public void close() {
        abort();
    }

    private PackStream packs(ChunkKind kind, long targetBytes) {
        return new PackStream(
                run,
                resources.catalog(),
                resources.blobs(),
                resources.config().repositoryId(),
                kind,
                targetBytes,
                limits.packChunks());
    }

    private PointRecord protect(UUID point) {
        Catalog catalog = resources.catalog();
        return run.write(connection -> {
            // Nothing is condemned between here and the commit.
            catalog.repositories().shareWithReclaim(connection);
            PointRecord found = catalog.points()
                    .find(connection, point)
                    .orElseThrow(() -> new StorageException(
                            StorageErrorCode.POINT_NOT_FOUND,
                            "The parent point " + point + " does not exist",
                            "Read the disk in full."));
            catalog.leases().protect(connection, run.lease().runId(), point, found.root());
            return found;
        });
    }

    private PointRecord record(OpenDisk open, MapRoot root, PointFacts facts) {
        DiskDescription disk = open.ingest.disk();
        IngestProgress progress = open.ingest.progress();
        return new PointRecord(
                UUID.randomUUID(),
                facts.setId(),
                run.lease().runId(),
                disk.machineId(),
                disk.machineName(),
                disk.diskName(),
                facts.instant(),
                disk.sizeBytes(),
                root,
                facts.consistency(),
                open.ingest.mode(),
                facts.checkpoints().get(disk.diskName()),
                open.parent,
                new PointTotals(
                        progress.readBytes(),
                        progress.zeroBytes(),
                        progress.newBytes(),
                        progress.deduplicatedBytes(),
                        progress.storedBytes()),
                open.ingest.damaged(),
                null);
    }

    private void requireOpen() {
        run.requireHealthy();
        if (closed) {
            throw new IllegalStateException("the run has ended");
        }
    }

    private void shutDown() {
        closed = true;
        if (run.failed()) {
            disks.forEach(disk -> disk.ingest.abandon());
        }
        pipeline.close();
        nodes.close();
        if (run.failed()) {
            try {
                run.end();
            } catch (StorageException e) {
                // Whoever looks after the leases of runs that have ended finds this one; what it protects can wait.
                run.fail(e);
            }
        }
    }
}
