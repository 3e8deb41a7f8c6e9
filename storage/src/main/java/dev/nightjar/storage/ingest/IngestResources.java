package dev.nightjar.storage.ingest;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.content.StoredNodes;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.point.PointRecordCodec;

/**
 * What the runs of one repository use together; all of it thread-safe.
 *
 * @param config the repository's settings
 * @param blobs where packs and records go
 * @param catalog its part of the catalog
 * @param hasher its chunk ids
 * @param nodes the map nodes that it has
 * @param codec its point records
 * @param workers hash and compress
 */
public record IngestResources(
        RepositoryConfig config,
        BlobStore blobs,
        Catalog catalog,
        ChunkHasher hasher,
        StoredNodes nodes,
        PointRecordCodec codec,
        IngestWorkers workers) {}
