package dev.nightjar.storage.blob.s3;

import java.time.Duration;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Makes clients that are patient in bounds: five attempts with growing, random pauses, and a limit on every wait. An answer that breaks off, in its head or behind it, is asked for again like one
 * that never came.
 */
final class S3Clients {

    private static final int ATTEMPTS = 5;
    private static final int CONNECTIONS = 64;

    private S3Clients() {}

    static S3Client open(S3Location location, @Nullable S3Credentials credentials, S3Timeouts timeouts) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(location.region()))
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(timeouts.connect())
                        .socketTimeout(timeouts.silence()))
                // Stores that are older than these checksums refuse them; packs and records carry their own.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(override -> override.apiCallAttemptTimeout(timeouts.attempt())
                        .apiCallTimeout(timeouts.call())
                        .retryStrategy(patience()));
        if (location.endpoint() != null) {
            builder.endpointOverride(location.endpoint());
        }
        return builder.forcePathStyle(location.pathStyle()).build();
    }

    private static StandardRetryStrategy patience() {
        return StandardRetryStrategy.builder()
                .maxAttempts(ATTEMPTS)
                // Half of a list or of a receipt is XML that ends too early, which the SDK by itself takes for an
                // answer.
                .retryOnExceptionOrCause(XMLStreamException.class)
                // An outage would use up a budget that all requests share, and the next single fault would then end a
                // run.
                .circuitBreakerEnabled(false)
                .build();
    }

    private static AwsCredentialsProvider provider(@Nullable S3Credentials credentials) {
        return credentials == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey()));
    }

    /**
     * How long a store may take.
     *
     * @param connect until it takes a connection
     * @param silence without a byte
     * @param attempt for one attempt
     * @param call for all attempts together
     */
    record S3Timeouts(Duration connect, Duration silence, Duration attempt, Duration call) {
        static final S3Timeouts DEFAULT = new S3Timeouts(
                Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofMinutes(10));
    }
}
