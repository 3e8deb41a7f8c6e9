package dev.nightjar.storage.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3FailureTest {

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, STORE_ACCESS_DENIED, cannot access config in s3://bucket: access denied (AccessDenied)",
        "403, , STORE_ACCESS_DENIED, cannot access config in s3://bucket: access denied",
        "507, , REPOSITORY_FULL, cannot access config in s3://bucket: the store is full",
        "503, QuotaExceeded, REPOSITORY_FULL, cannot access config in s3://bucket: the store is full (QuotaExceeded)",
        "404, NoSuchBucket, REPOSITORY_NOT_FOUND, cannot access config in s3://bucket: there is no such bucket"
    })
    void anAnswerIsToldInOurWordsWithTheStoresOwnIfItHasOne(
            int status, @Nullable String code, StorageErrorCode expected, String message) {
        S3Exception answer = (S3Exception) S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();

        StorageException told = new S3Failure("s3://bucket").of("config", answer);

        assertThat(told.code()).isEqualTo(expected);
        assertThat(told).hasMessage(message);
    }
}
