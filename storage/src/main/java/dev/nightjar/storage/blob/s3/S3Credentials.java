package dev.nightjar.storage.blob.s3;

/**
 * An access key of an object store. Never printed.
 *
 * @param accessKeyId the key's name
 * @param secretAccessKey its secret
 */
public record S3Credentials(String accessKeyId, String secretAccessKey) {

    @Override
    public String toString() {
        return "S3Credentials[" + accessKeyId + ", secret]";
    }
}
