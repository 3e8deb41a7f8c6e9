package dev.nightjar.cli.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.cli.Terminal;
import dev.nightjar.cli.Terminal.Outcome;
import dev.nightjar.storage.blob.s3.S3BlobStore;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.blob.s3.S3Location;
import dev.nightjar.testkit.S3Proxy;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tools on a golden repository in a bucket of an object store. */
class BucketIT {

    private static final Path JAR = Path.of("target/peers/s3proxy.jar").toAbsolutePath();
    private static final String KEY = "aws.accessKeyId";
    private static final String SECRET = "aws.secretAccessKey";

    private TempDirectory directory;
    private S3Proxy server;
    private String location;

    @BeforeEach
    void fillABucket() throws IOException {
        directory = TempDirectory.create();
        GoldenCopy golden = GoldenCopy.plain(directory);
        server = S3Proxy.start(JAR, directory.path());
        server.createBucket("backups");
        location = "s3://backups/golden?endpoint=" + server.uri();
        S3Credentials credentials = new S3Credentials(S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY);
        try (S3BlobStore bucket =
                S3BlobStore.open(S3Location.parse(location), credentials.always(), directory.resolve("spool"))) {
            for (Path file : golden.files("")) {
                String name = golden.directory().relativize(file).toString();
                assertThat(bucket.putIfAbsent(name, ByteBuffer.wrap(Files.readAllBytes(file))))
                        .isTrue();
            }
        }
        System.setProperty(KEY, S3Proxy.ACCESS_KEY);
        System.setProperty(SECRET, S3Proxy.SECRET_KEY);
    }

    @AfterEach
    void tidyUp() {
        System.clearProperty(KEY);
        System.clearProperty(SECRET);
        server.close();
        directory.close();
    }

    @Test
    void aBucketIsInspectedCheckedAndRestoredFrom() throws Exception {
        Path file = directory.resolve("vda.raw");

        assertThat(Terminal.succeed("repository", "inspect", location)).contains("points: 6");
        assertThat(Terminal.succeed("repository", "check", location)).contains("sound: ");
        Terminal.succeed("repository", "restore", location, GoldenCopy.VDA, file.toString());

        assertThat(sha256(file)).isEqualTo(GoldenCopy.VDA_SHA256);
    }

    @Test
    void aStoreThatIsAwayIsNoDamage() {
        server.close();

        Outcome outcome = Terminal.run("repository", "check", location);

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.errors()).doesNotContain("DAMAGED").containsPattern("^[A-Z_]+: ");
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
