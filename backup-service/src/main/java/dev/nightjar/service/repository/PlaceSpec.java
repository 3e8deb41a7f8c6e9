package dev.nightjar.service.repository;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.blob.s3.S3Location;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Where a repository is or shall be, as sent over REST; {@code type} tells the kinds apart. Pure data. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PlaceSpec.DirectoryPlace.class, name = "directory"),
    @JsonSubTypes.Type(value = PlaceSpec.S3Place.class, name = "s3")
})
sealed interface PlaceSpec {

    /**
     * The place.
     *
     * @throws NightjarException INVALID_DIRECTORY, INVALID_BUCKET
     */
    Place place();

    /**
     * A directory of the service's host.
     *
     * @param directory an absolute path; wants a file system with hard links
     */
    record DirectoryPlace(@NotBlank @Size(max = 4096) String directory) implements PlaceSpec {

        @Override
        public Place place() {
            try {
                Path path = Path.of(directory.strip());
                if (path.isAbsolute() && path.normalize().getNameCount() > 0) {
                    return Place.directory(path);
                }
            } catch (InvalidPathException e) {
                throw invalid();
            }
            throw invalid();
        }

        private static NightjarException invalid() {
            return new NightjarException(
                            HttpStatus.BAD_REQUEST,
                            "INVALID_DIRECTORY",
                            "a repository's directory is an absolute path",
                            "Write it from the root on, such as /srv/nightjar.")
                    .at("place.directory");
        }
    }

    /**
     * A bucket, or what begins with a prefix there.
     *
     * @param bucket the bucket, which must exist
     * @param prefix what all names begin with; null for the bucket as a whole
     * @param endpoint the store's URL; null for Amazon's
     * @param region the region; null for us-east-1, which stores that know none take
     * @param pathStyle whether the bucket stands in the path of requests instead of in the host's name; null: with an endpoint
     * @param accessKey the access key's name; null, as the secret, to look where AWS's tools look
     * @param secretKey its secret; kept encrypted, never shown
     */
    record S3Place(
            @NotBlank @Size(max = 63) String bucket,
            @Nullable @Size(max = 500) String prefix,
            @Nullable @Size(max = 1000) String endpoint,
            @Nullable @Size(max = 100) String region,
            @Nullable Boolean pathStyle,
            @Nullable @Size(max = 500) String accessKey,
            @Nullable @Size(max = 500) String secretKey)
            implements PlaceSpec {

        @Override
        public Place place() {
            try {
                return Place.bucket(S3Location.parse(uri()), Credentials.of(accessKey, secretKey));
            } catch (StorageException e) {
                throw new NightjarException(
                                HttpStatus.BAD_REQUEST,
                                "INVALID_BUCKET",
                                "this is no address of a bucket",
                                "A bucket's name has 3 to 63 lower-case letters, digits, dots and dashes; an endpoint is a URL such as https://host:9000.",
                                e)
                        .at("place.bucket");
            }
        }

        private String uri() {
            String path = given(prefix).isEmpty() ? "" : "/" + given(prefix);
            String parameters = Stream.of(
                            parameter("endpoint", given(endpoint)),
                            parameter("region", given(region)),
                            parameter("path-style", pathStyle == null ? "" : pathStyle.toString()))
                    .filter(parameter -> !parameter.isEmpty())
                    .collect(Collectors.joining("&"));
            return "s3://" + bucket.strip() + path + (parameters.isEmpty() ? "" : "?" + parameters);
        }

        private static String parameter(String name, String value) {
            return value.isEmpty() ? "" : name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "S3Place[" + bucket + "/" + prefix + " at " + endpoint + "]";
        }
    }

    private static String given(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    /** Reads pairs of access key and secret. */
    final class Credentials {

        private Credentials() {}

        /**
         * Both, or null for neither.
         *
         * @throws NightjarException INVALID_ACCESS_KEY for one without the other
         */
        static @Nullable S3Credentials of(@Nullable String accessKey, @Nullable String secretKey) {
            String key = given(accessKey);
            String secret = given(secretKey);
            if (key.isEmpty() != secret.isEmpty()) {
                throw new NightjarException(
                                HttpStatus.BAD_REQUEST,
                                "INVALID_ACCESS_KEY",
                                "an access key and its secret belong together",
                                "Give both, or neither to use the environment's.")
                        .at("place.secretKey");
            }
            return key.isEmpty() ? null : new S3Credentials(key, secret);
        }
    }
}
