package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkSize;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What is decided when a repository is created and never changes, kept in the blob {@value #BLOB_NAME}. Immutable.
 *
 * @param formatVersion the version of the repository's formats
 * @param repositoryId its identity, also in every pack and in the key file
 * @param chunkSize the size of its chunks
 * @param packTargetBytes the length from which on a pack is full, in bytes
 * @param encryption how its frames are encrypted
 */
public record RepositoryConfig(
        int formatVersion, UUID repositoryId, ChunkSize chunkSize, long packTargetBytes, Encryption encryption) {

    /** The formats that this release reads and writes. */
    public static final int FORMAT_VERSION = 1;

    /** The blob that holds it. A directory with this blob is a repository. */
    public static final String BLOB_NAME = "config";

    /** Target length of a pack unless asked otherwise, in bytes: large enough for object stores, small enough to be given up. */
    public static final long DEFAULT_PACK_TARGET_BYTES = 32L * 1024 * 1024;

    /** Smallest target length of a pack, in bytes. */
    public static final long MIN_PACK_TARGET_BYTES = 64 * 1024;

    /** Largest target length of a pack, in bytes. */
    public static final long MAX_PACK_TARGET_BYTES = 1024L * 1024 * 1024;

    private static final String FORMAT = "nightjar-repository";

    /** Refuses settings that no repository may have. */
    public RepositoryConfig {
        if (formatVersion != FORMAT_VERSION) {
            throw new IllegalArgumentException("unknown format version " + formatVersion);
        }
        if (packTargetBytes < MIN_PACK_TARGET_BYTES || packTargetBytes > MAX_PACK_TARGET_BYTES) {
            throw new IllegalArgumentException("the target length of packs must be " + MIN_PACK_TARGET_BYTES + " to "
                    + MAX_PACK_TARGET_BYTES + " bytes: " + packTargetBytes);
        }
    }

    /** A configuration for a new repository. */
    public static RepositoryConfig generate(ChunkSize chunkSize, Encryption encryption) {
        return new RepositoryConfig(
                FORMAT_VERSION, UUID.randomUUID(), chunkSize, DEFAULT_PACK_TARGET_BYTES, encryption);
    }

    ByteBuffer encode() {
        return JsonBlob.encode(new Content(
                FORMAT,
                formatVersion,
                repositoryId.toString(),
                chunkSize.bytes(),
                packTargetBytes,
                encryption.configName()));
    }

    static RepositoryConfig decode(ByteBuffer json) {
        JsonBlob blob = JsonBlob.decode(json, BLOB_NAME, StorageErrorCode.REPOSITORY_CONFIG_INVALID);
        blob.requireFormat(FORMAT, FORMAT_VERSION);
        Content content = blob.as(Content.class);
        try {
            return new RepositoryConfig(
                    content.formatVersion,
                    UUID.fromString(content.repositoryId),
                    new ChunkSize(content.chunkSizeBytes),
                    content.packTargetBytes,
                    encryption(content.encryption));
        } catch (IllegalArgumentException e) {
            throw blob.invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private static Encryption encryption(String name) {
        return Encryption.ofConfigName(name)
                .orElseThrow(() -> new StorageException(
                        StorageErrorCode.FORMAT_UNSUPPORTED,
                        "the repository is encrypted in a way that this release does not know: " + name,
                        "It was created by a newer release; use that release or a later one."));
    }

    private record Content(
            String format,
            int formatVersion,
            String repositoryId,
            int chunkSizeBytes,
            long packTargetBytes,
            String encryption) {}
}
