package dev.nightjar.storage.blob.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One upload of a file: as one object put, or, where that would be too long for one request, in parts. Blocks.
 *
 * @param key the object's whole name
 */
record S3Upload(S3Client client, String bucket, String key) {

    /** Longest file that goes in one request, in bytes. */
    static final long WHOLE_BYTES = 64L << 20;

    /** Length of a part, in bytes. */
    static final long PART_BYTES = 16L << 20;

    boolean put(Path file) throws IOException {
        try {
            if (Files.size(file) <= WHOLE_BYTES) {
                client.putObject(
                        request -> request.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromFile(file));
            } else {
                putInParts(file);
            }
            return true;
        } catch (SdkException e) {
            if (S3Failure.isTaken(e) || isDoneUnheard(e, file)) {
                return false;
            }
            throw e;
        }
    }

    // Where the answer was lost the upload is over, and whoever asks again hears that there is none.
    private boolean isDoneUnheard(SdkException e, Path file) throws IOException {
        if (!S3Failure.isNotFound(e) || e.numAttempts() == 1) {
            return false;
        }
        try {
            return client.headObject(request -> request.bucket(bucket).key(key)).contentLength() == Files.size(file);
        } catch (SdkException unknown) {
            e.addSuppressed(unknown);
            return false;
        }
    }

    private void putInParts(Path file) throws IOException {
        String upload = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key))
                .uploadId();
        try (FileChannel channel = FileChannel.open(file)) {
            List<CompletedPart> parts = new ArrayList<>();
            for (long offset = 0; offset < channel.size(); offset += PART_BYTES) {
                parts.add(part(channel, upload, parts.size() + 1, offset));
            }
            client.completeMultipartUpload(request -> request.bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .ifNoneMatch("*")
                    .multipartUpload(whole -> whole.parts(parts)));
        } catch (SdkException | IOException e) {
            abort(upload);
            throw e;
        }
    }

    private CompletedPart part(FileChannel file, String upload, int number, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(PART_BYTES, file.size() - offset));
        while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) >= 0) {
            // Until it is full; the file does not change.
        }
        String tag = client.uploadPart(
                        request ->
                                request.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                        RequestBody.fromByteBuffer(bytes.flip()))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    private void abort(String upload) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            // Stores expire what is never completed; the first failure is the one to tell.
        }
    }
}
