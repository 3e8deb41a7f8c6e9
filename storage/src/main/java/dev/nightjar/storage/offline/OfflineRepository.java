package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.content.ContentLimits;
import dev.nightjar.storage.content.PackFrames;
import dev.nightjar.storage.content.StoredNodes;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.seal.FrameOpener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A repository by itself: no catalog, no service, nothing written. Services may use the repository meanwhile. Used by one thread, which closes the store after it.
 *
 * <p>What needs to know where chunks lie reads the directories of all packs first; it takes the memory of {@link ChunkIndex}. All methods throw {@link StorageException}; what is damaged is reported
 * where a report is asked for, and thrown as DATA_DAMAGED, BLOB_NOT_FOUND or CHUNK_NOT_FOUND where content is. That the store does not answer is always thrown.
 */
public final class OfflineRepository {

    private final BlobStore blobs;
    private final RepositoryConfig config;
    private final @Nullable Keys keys;
    private final PackReader reader;
    private final RepositoryIndex index;
    private final ChunkContents contents;
    private final StoredNodes nodes;
    private final MapReader maps;

    /** What only the key makes possible. */
    private record Keys(ChunkHasher hasher, PointRecordCodec codec, FrameOpener opener) {}

    private OfflineRepository(BlobStore blobs, RepositoryConfig config, @Nullable Keys keys) {
        this.blobs = blobs;
        this.config = config;
        this.keys = keys;
        ChunkHasher hasher = keys == null ? ChunkHasher.withoutKey() : keys.hasher();
        reader = new PackReader(blobs, config.repositoryId(), keys == null ? new FrameOpener() : keys.opener());
        index = new RepositoryIndex(blobs, reader);
        PackFrames frames = new PackFrames(index, reader, ContentLimits.DEFAULT);
        contents = new ChunkContents(index, frames, hasher, ContentLimits.DEFAULT);
        nodes = new StoredNodes(contents, ContentLimits.DEFAULT);
        maps = new MapReader(nodes, hasher);
    }

    /**
     * Opens a repository.
     *
     * @param unlock the passphrase or the recovery key, if it is encrypted
     * @throws StorageException REPOSITORY_NOT_FOUND, REPOSITORY_CONFIG_INVALID, FORMAT_UNSUPPORTED, KEY_NOT_FOUND, KEY_INVALID, REPOSITORY_LOCKED, PASSPHRASE_WRONG, or what the store says
     */
    public static OfflineRepository open(BlobStore blobs, Unlock unlock) {
        RepositoryIdentity identity = RepositoryIdentity.look(blobs, unlock);
        UUID id = identity.config().repositoryId();
        return new OfflineRepository(
                blobs,
                identity.config(),
                new Keys(
                        new ChunkHasher(identity.idKey()),
                        new PointRecordCodec(id, identity.idKey(), identity.dataKey()),
                        new FrameOpener(identity.dataKey())));
    }

    /**
     * Opens a repository without its key, or one whose key is lost: packs can be looked at and their bytes proven, points are only counted.
     *
     * @throws StorageException as the other one, but for what concerns keys
     */
    public static OfflineRepository openLocked(BlobStore blobs) {
        return new OfflineRepository(blobs, RepositoryIdentity.config(blobs), null);
    }

    /** What was decided when it was created. */
    public RepositoryConfig config() {
        return config;
    }

    /** Whether it was opened without its key. */
    public boolean isLocked() {
        return keys == null;
    }

    /** What it consists of; walks the maps of all points. */
    public RepositoryFacts facts(Progress progress) {
        long records = PointRecords.names(blobs).size();
        PointRecords read = keys == null ? null : PointRecords.read(blobs, keys.codec());
        index.refresh(progress);
        List<Flaw> flaws = new ArrayList<>(index.flaws());
        if (read == null) {
            return new RepositoryFacts(blobs.location(), config, true, unused(), records, List.of(), flaws);
        }
        flaws.addAll(read.flaws());
        List<PointRecord> points = read.points();
        HashSet<Integer> partly = new HashSet<>(new ChunkUses(maps, index.chunks()).walk(points, progress));
        UseCount count = UseCount.of(index, points.size());
        return new RepositoryFacts(
                blobs.location(), config, false, count.totals(), records, count.points(points, partly), flaws);
    }

    /**
     * The facts of a point, by its record alone.
     *
     * @throws StorageException POINT_NOT_FOUND, REPOSITORY_LOCKED, DATA_DAMAGED
     */
    public PointRecord point(UUID id) {
        try {
            return PointRecords.read(blobs, unlocked().codec(), id);
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.BLOB_NOT_FOUND) {
                throw e;
            }
            throw new StorageException(
                    StorageErrorCode.POINT_NOT_FOUND,
                    "there is no point " + id + " in " + blobs.location(),
                    "Look at the list of points; it may have been deleted.",
                    e);
        }
    }

    /** The shape of a point's map. */
    public MapStatistics map(PointRecord point, Progress progress) {
        index.refresh(progress);
        return MapStatistics.of(point, maps, config.chunkSize());
    }

    /** What the directory of a pack says; the pack must be there. */
    public StoredPack pack(PackId id) {
        return reader.directory(id);
    }

    /** Whether a pack, read to its last byte, is what it says; false too if it is gone meanwhile. */
    public boolean proves(StoredPack pack) {
        return bytes().prove(pack, 0, (_, _) -> {}, _ -> {}) == PackBytes.Verdict.SOUND;
    }

    /** A reader of a point's disk; every chunk is checked against its id before a byte of it is given out. A damaged chunk of which there is another copy is read from that. */
    public RecoveryPointReader reader(PointRecord point, Progress progress) {
        if (keys == null) {
            throw locked();
        }
        index.refresh(progress);
        return new RecoveryPointReader(point, config.chunkSize(), nodes, keys.hasher(), contents);
    }

    /**
     * Proves that the repository is what was written. Others may write to it meanwhile.
     *
     * @throws StorageException POINT_NOT_FOUND, REPOSITORY_LOCKED if points are named, or what keeps the store from being read; nothing is said about the repository then
     */
    public CheckReport check(CheckOptions options, Progress progress) {
        PointRecords records;
        if (keys == null) {
            if (!options.points().isEmpty()) {
                throw locked();
            }
            records = new PointRecords(List.of(), List.of(), List.of());
        } else {
            records = PointRecords.read(blobs, keys.codec());
        }
        RepositoryCheck check =
                new RepositoryCheck(blobs, reader, bytes(), index, maps, config.chunkSize(), options, progress);
        return check.run(records, unproven(options));
    }

    private List<String> unproven(CheckOptions options) {
        List<String> unproven = new ArrayList<>();
        if (keys == null) {
            unproven.add(
                    "Without the key: point records and maps, so that a missing pack is not noticed, and whether frames hold the chunks that they should.");
        }
        if (!options.payload()) {
            unproven.add("The payload: damage within frames is not noticed.");
        }
        if (!options.points().isEmpty()) {
            unproven.add("Other points, and packs that only they need.");
        }
        return unproven;
    }

    private PackBytes bytes() {
        return new PackBytes(
                blobs, keys == null ? new FrameOpener() : keys.opener(), keys == null ? null : keys.hasher());
    }

    private Map<ChunkKind, PackTotals> unused() {
        Map<ChunkKind, PackTotals> totals = new EnumMap<>(ChunkKind.class);
        for (IndexedPack pack : index.packs()) {
            totals.put(
                    pack.kind(),
                    totals.getOrDefault(pack.kind(), PackTotals.NONE).with(pack, -1));
        }
        return totals;
    }

    private Keys unlocked() {
        if (keys == null) {
            throw locked();
        }
        return keys;
    }

    private StorageException locked() {
        return new StorageException(
                StorageErrorCode.REPOSITORY_LOCKED,
                "the repository " + config.repositoryId() + " is encrypted, and its key was not given",
                "Unlock it with its passphrase or its recovery key.");
    }
}
