package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.blob.s3.S3Clients.S3Timeouts;
import dev.nightjar.testkit.S3Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Opens stores that wait for no answer for long, so that tests do not have to. */
public final class ImpatientS3 {

    private static final S3Timeouts TIMEOUTS = new S3Timeouts(
            Duration.ofSeconds(1), Duration.ofMillis(700), Duration.ofSeconds(3), Duration.ofSeconds(20));

    private ImpatientS3() {}

    /** A bucket of an S3Proxy, which is reached by way of {@code endpoint}. */
    public static S3BlobStore open(String bucket, URI endpoint, Path spool) {
        return S3BlobStore.open(
                S3Location.parse("s3://" + bucket + "/faults?endpoint=" + endpoint),
                new S3Credentials(S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY).always(),
                spool,
                TIMEOUTS);
    }
}
