package dev.nightjar.cli.repository;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.blob.s3.S3BlobStore;
import dev.nightjar.storage.blob.s3.S3Location;
import dev.nightjar.storage.offline.OfflineRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A repository at a location, and what has to be closed after it. */
record OpenedRepository(
        OfflineRepository repository,
        @Nullable S3BlobStore bucket,
        @Nullable Path spool) implements AutoCloseable {

    /** Opens a location. The classes of the object store are loaded only for one. */
    static OpenedRepository open(String location, Function<BlobStore, OfflineRepository> opening) {
        return S3Location.isS3(location)
                ? openBucket(S3Location.parse(location), opening)
                : new OpenedRepository(opening.apply(DirectoryBlobStore.look(path(location))), null, null);
    }

    private static OpenedRepository openBucket(S3Location location, Function<BlobStore, OfflineRepository> opening) {
        Path spool = makeSpool();
        S3BlobStore bucket = S3BlobStore.open(location, Optional::empty, spool);
        try {
            return new OpenedRepository(opening.apply(bucket), bucket, spool);
        } catch (RuntimeException e) {
            closeBoth(bucket, spool);
            throw e;
        }
    }

    @Override
    public void close() {
        if (bucket != null && spool != null) {
            closeBoth(bucket, spool);
        }
    }

    private static void closeBoth(S3BlobStore bucket, Path spool) {
        bucket.close();
        try {
            Files.deleteIfExists(spool);
        } catch (IOException e) {
            throw spoolFailed(e);
        }
    }

    private static Path path(String location) {
        try {
            return Path.of(location);
        } catch (InvalidPathException e) {
            throw new CommandFailure(
                    CommandErrorCode.INVALID_ARGUMENT, "not a directory's path: " + e.getMessage(), "", e);
        }
    }

    private static Path makeSpool() {
        try {
            return Files.createTempDirectory("nightjar-");
        } catch (IOException e) {
            throw spoolFailed(e);
        }
    }

    private static CommandFailure spoolFailed(IOException e) {
        return new CommandFailure(
                CommandErrorCode.FILE_ERROR,
                "cannot use the directory for temporary files: " + e.getMessage(),
                "Set another one with NIGHTJAR_JAVA_OPTIONS=-Djava.io.tmpdir=DIRECTORY.",
                e);
    }
}
