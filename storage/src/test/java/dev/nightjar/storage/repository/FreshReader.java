package dev.nightjar.storage.repository;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.content.ChunkLocator;
import dev.nightjar.storage.content.ContentLimits;
import dev.nightjar.storage.content.PackFrames;
import dev.nightjar.storage.content.StoredNodes;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.serve.ServeLimits;
import dev.nightjar.storage.serve.Serving;

/**
 * Makes readers that have seen nothing yet: what the readers of a repository that is open keep in memory would hide what has happened to its packs.
 *
 * @param blobs where packs are read
 * @param locator knows where chunks lie
 */
record FreshReader(BlobStore blobs, ChunkLocator locator, RepositoryIdentity identity) {

    RecoveryPointReader of(PointRecord point) {
        ChunkHasher hasher = new ChunkHasher(identity.idKey());
        ChunkContents contents = new ChunkContents(locator, frames(), hasher, ContentLimits.DEFAULT);
        StoredNodes nodes = new StoredNodes(contents, ContentLimits.DEFAULT);
        return new RecoveryPointReader(point, identity.config().chunkSize(), nodes, hasher, contents);
    }

    MapReader maps() {
        ChunkHasher hasher = new ChunkHasher(identity.idKey());
        ChunkContents contents = new ChunkContents(locator, frames(), hasher, ContentLimits.DEFAULT);
        return new MapReader(new StoredNodes(contents, ContentLimits.DEFAULT), hasher);
    }

    /** What serves points over NBD. */
    Serving serving(ServeLimits limits) {
        ChunkHasher hasher = new ChunkHasher(identity.idKey());
        PackFrames frames = frames();
        ChunkContents contents = new ChunkContents(locator, frames, hasher, ContentLimits.DEFAULT);
        return new Serving(
                identity.config().chunkSize(),
                hasher,
                new StoredNodes(contents, ContentLimits.DEFAULT),
                locator,
                frames,
                limits);
    }

    private PackFrames frames() {
        PackReader packs = new PackReader(blobs, identity.config().repositoryId(), new FrameOpener(identity.dataKey()));
        return new PackFrames(locator, packs, ContentLimits.DEFAULT);
    }
}
