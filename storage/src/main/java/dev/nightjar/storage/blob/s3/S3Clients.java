package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.blob.Patience;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Two clients of one store: one that is patient in bounds, with five attempts, growing, random pauses between them, and a limit on every wait, and one for {@link Patience#briefly}. An answer that breaks off, in its head or behind it, is asked for again like one
 * that never came. Thread-safe.
 */
record S3Clients(S3Client patient, S3Client brief) implements AutoCloseable {

    private static final int CONNECTIONS = 64;

    static S3Clients open(S3Location location, Supplier<Optional<S3Credentials>> credentials, S3Timeouts timeouts) {
        return new S3Clients(
                client(location, credentials, timeouts), client(location, credentials, timeouts.briefly()));
    }

    /** The one that is as patient as the thread. */
    S3Client current() {
        return Patience.isBrief() ? brief : patient;
    }

    @Override
    public void close() {
        patient.close();
        brief.close();
    }

    private static S3Client client(
            S3Location location, Supplier<Optional<S3Credentials>> credentials, S3Timeouts timeouts) {
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
                        .retryStrategy(retries(timeouts.attempts())));
        if (location.endpoint() != null) {
            builder.endpointOverride(location.endpoint());
        }
        return builder.forcePathStyle(location.pathStyle()).build();
    }

    private static StandardRetryStrategy retries(int attempts) {
        return StandardRetryStrategy.builder()
                .maxAttempts(attempts)
                // Half of a list or of a receipt is XML that ends too early, which the SDK by itself takes for an
                // answer.
                .retryOnExceptionOrCause(XMLStreamException.class)
                // Two conditional writes of one name at the same time: whoever asks again hears whether it is taken.
                .retryOnException(S3Failure::isConflict)
                // An outage would use up a budget that all requests share, and the next single fault would then end a
                // run.
                .circuitBreakerEnabled(false)
                .build();
    }

    private static AwsCredentialsProvider provider(Supplier<Optional<S3Credentials>> credentials) {
        AwsCredentialsProvider environment =
                DefaultCredentialsProvider.builder().build();
        return () -> credentials
                .get()
                .<AwsCredentials>map(key -> AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey()))
                .orElseGet(environment::resolveCredentials);
    }

    /**
     * How long a store may take.
     *
     * @param attempts how often it is asked at most
     * @param connect until it takes a connection
     * @param silence without a byte
     * @param attempt for one attempt
     * @param call for all attempts together
     */
    record S3Timeouts(int attempts, Duration connect, Duration silence, Duration attempt, Duration call) {

        static final S3Timeouts DEFAULT = new S3Timeouts(
                5, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofMinutes(10));

        private static final S3Timeouts BRIEF = new S3Timeouts(
                2, Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(10));

        S3Timeouts(Duration connect, Duration silence, Duration attempt, Duration call) {
            this(DEFAULT.attempts, connect, silence, attempt, call);
        }

        /** The same, or less, for somebody who waits. */
        S3Timeouts briefly() {
            return new S3Timeouts(
                    BRIEF.attempts,
                    shorter(connect, BRIEF.connect),
                    shorter(silence, BRIEF.silence),
                    shorter(attempt, BRIEF.attempt),
                    shorter(call, BRIEF.call));
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }
    }
}
