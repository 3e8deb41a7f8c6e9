package dev.nightjar.storage.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {

    @Test
    void bucketPrefixEndpointAndRegionAreRead() {
        assertThat(S3Location.parse("s3://backups")).isEqualTo(new S3Location("backups", "", null, "us-east-1", false));
        assertThat(S3Location.parse("s3://backups/night/jar/?endpoint=https%3A%2F%2Fs3.example.org%3A9000&region=eu-1"))
                .isEqualTo(new S3Location(
                        "backups", "night/jar/", URI.create("https://s3.example.org:9000"), "eu-1", true));
        assertThat(S3Location.parse("s3://b-1/x?endpoint=http://127.0.0.1:9000").endpoint())
                .isEqualTo(URI.create("http://127.0.0.1:9000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://backups",
                "s3://backups/night/jar?endpoint=https://s3.example.org:9000&region=eu-1",
                "s3://backups?endpoint=http://127.0.0.1:9000&path-style=false"
            })
    void whatIsWrittenDownIsReadTheSame(String text) {
        S3Location location = S3Location.parse(text);
        assertThat(S3Location.parse(location.uri())).isEqualTo(location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:",
                "s3://backups?path-style=perhaps",
                "s3://",
                "s3:///prefix",
                "http://backups",
                "s3://Backups",
                "s3://key:secret@backups",
                "s3://backups/../other",
                "s3://backups/a//b",
                "s3://backups?endpoint=ftp://x",
                "s3://backups?endpoint=http://key:secret@x",
                "s3://backups?secret=x",
                "s3://backups?region=a&region=b",
                "s3://backups#x",
                "s3://back ups"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> S3Location.parse(text))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.INVALID_ARGUMENT));
    }
}
