package dev.nightjar.storage.blob.s3;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * An access key of an object store. Never printed.
 *
 * @param accessKeyId the key's name
 * @param secretAccessKey its secret
 */
public record S3Credentials(String accessKeyId, String secretAccessKey) {

    /** This one, however often it is asked for. */
    public Supplier<Optional<S3Credentials>> always() {
        return () -> Optional.of(this);
    }

    @Override
    public String toString() {
        return "S3Credentials[" + accessKeyId + ", secret]";
    }
}
