package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Deletes objects where every object has versions, as in a bucket with object lock: to delete an object there only hides it, and is never refused. Its version has to be deleted, which frees
 * the space, and is refused while it is kept. Thread-safe.
 */
record S3Versions(S3Client client, String bucket) {

    /** Most versions of an object; a blob has one. */
    private static final int MOST = 16;

    /**
     * Deletes an object, and those that it was put in the place of.
     *
     * @throws StorageException BLOB_RETAINED if it is kept
     * @throws SdkException what else the store says; that it is not found if it is gone
     */
    void delete(String key) {
        for (int i = 0; i < MOST; i++) {
            HeadObjectResponse head =
                    client.headObject(request -> request.bucket(bucket).key(key));
            try {
                client.deleteObject(request -> request.bucket(bucket).key(key).versionId(head.versionId()));
            } catch (SdkException e) {
                if (S3Failure.isForbidden(e) && head.objectLockRetainUntilDate() != null) {
                    throw new StorageException(
                            StorageErrorCode.BLOB_RETAINED,
                            "the store keeps " + key + " until " + head.objectLockRetainUntilDate(),
                            "It can be deleted after that.",
                            e);
                }
                throw e;
            }
        }
    }
}
