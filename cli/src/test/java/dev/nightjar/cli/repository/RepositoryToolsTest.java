package dev.nightjar.cli.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.cli.Terminal;
import dev.nightjar.cli.Terminal.Outcome;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at, checks and restores from the golden repositories, sound and damaged. */
class RepositoryToolsTest {

    private TempDirectory directory;
    private GoldenCopy plain;

    @BeforeEach
    void copyTheRepository() {
        directory = TempDirectory.create();
        plain = GoldenCopy.plain(directory);
    }

    @AfterEach
    void tidyUp() {
        directory.close();
    }

    private static JsonNode json(String output) {
        return JsonMapper.shared().readTree(output);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path passphraseFile(String passphrase) throws IOException {
        return Files.writeString(directory.resolve("passphrase"), passphrase + "\n");
    }

    /** Flips a bit of the first frame, behind the pack's header. */
    private static void rot(Path pack) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
            file.seek(40);
            int before = file.read();
            file.seek(40);
            file.write(before ^ 1);
        }
    }

    /** Nothing but a check changes when a command looks at a repository: not even that. */
    private List<String> tree() throws IOException {
        List<String> tree = new ArrayList<>();
        try (Stream<Path> files = Files.walk(plain.directory())) {
            for (Path file : files.sorted().toList()) {
                tree.add(file + " " + Files.getLastModifiedTime(file));
            }
        }
        return tree;
    }

    @Test
    void inspectListsFactsAndPointsAndChangesNothing() throws IOException {
        List<String> before = tree();

        String text = Terminal.succeed("repository", "inspect", plain.location());
        JsonNode facts = json(Terminal.succeed("repository", "inspect", "--json", plain.location()));

        assertThat(text).contains("encryption: none", "points: 6", GoldenCopy.VDA, "gölden, vdb");
        assertThat(facts.get("points")).hasSize(GoldenCopy.POINTS);
        assertThat(facts.get("packs").get("data").get("chunks").asInt()).isEqualTo(71);
        assertThat(facts.get("flaws")).isEmpty();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void inspectShowsAPointAndAPack() {
        JsonNode point = json(Terminal.succeed("repository", "inspect", "--json", plain.location(), GoldenCopy.VDB));
        Path pack = plain.largestPack();
        String text = Terminal.succeed(
                "repository",
                "inspect",
                plain.location(),
                "pack",
                pack.getFileName().toString());

        assertThat(point.get("disk").asString()).isEqualTo("vdb");
        assertThat(point.get("damaged")).hasSize(1);
        assertThat(text).contains("has the hash that it is called", "frame 0:", "directory:", "trailer");
    }

    @Test
    void aSoundRepositoryIsFoundSound() {
        JsonNode report = json(Terminal.succeed("repository", "check", "--json", plain.location()));

        assertThat(report.get("sound").asBoolean()).isTrue();
        assertThat(report.get("bytesRead").asLong())
                .isEqualTo(report.get("packBytes").asLong())
                .isEqualTo(plain.files("packs").stream()
                        .mapToLong(pack -> pack.toFile().length())
                        .sum());
    }

    @Test
    void rotIsToldByTheDisksThatItReaches() throws IOException {
        rot(plain.largestPack());

        Outcome outcome = Terminal.run("repository", "check", "--json", plain.location());

        JsonNode report = json(outcome.output());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(report.get("sound").asBoolean()).isFalse();
        assertThat(report.get("flaws").get(0).get("blob").asString())
                .endsWith(plain.largestPack().getFileName().toString());
        assertThat(report.get("unreadable")).isNotEmpty().allSatisfy(part -> {
            assertThat(part.get("unreadableBytes").asLong()).isPositive();
            assertThat(part.get("ranges")).isNotEmpty();
        });
        assertThat(Terminal.run("repository", "check", plain.location()).output())
                .contains("DAMAGED: ", "cannot be read: ");
    }

    @Test
    void aMissingAndATruncatedPackAreFound() throws IOException {
        for (Path pack : plain.files("packs")) {
            byte[] whole = Files.readAllBytes(pack);

            Files.write(pack, java.util.Arrays.copyOf(whole, whole.length - 1));
            assertThat(Terminal.run("repository", "check", plain.location()).exitCode())
                    .as("truncated: " + pack)
                    .isEqualTo(1);

            Files.delete(pack);
            assertThat(Terminal.run("repository", "check", plain.location()).exitCode())
                    .as("missing: " + pack)
                    .isEqualTo(1);
            assertThat(Terminal.run("repository", "check", "--structure-only", plain.location())
                            .exitCode())
                    .as("structure without " + pack)
                    .isEqualTo(1);
            Files.write(pack, whole);
        }
        assertThat(Terminal.run("repository", "check", plain.location()).exitCode())
                .isZero();
    }

    @Test
    void aPointIsCheckedByItself() throws IOException {
        Path record = plain.directory().resolve("points").resolve(GoldenCopy.VDB);
        byte[] bytes = Files.readAllBytes(record);
        bytes[bytes.length - 1] ^= 1;
        Files.write(record, bytes);

        assertThat(Terminal.run("repository", "check", "--point", GoldenCopy.VDA, plain.location())
                        .exitCode())
                .isZero();
        assertThat(Terminal.run("repository", "check", plain.location()).exitCode())
                .isEqualTo(1);
    }

    @Test
    void aPointIsRestoredToASparseFile() throws IOException {
        Path file = directory.resolve("vda.raw");
        Path damaged = directory.resolve("vdb.raw");

        Terminal.succeed("repository", "restore", plain.location(), GoldenCopy.VDA, file.toString());
        Outcome withGaps = Terminal.run("repository", "restore", plain.location(), GoldenCopy.VDB, damaged.toString());

        assertThat(sha256(file)).isEqualTo(GoldenCopy.VDA_SHA256);
        assertThat(((Number) Files.getAttribute(file, "size")).longValue()).isEqualTo((20 << 20) + 1234);
        assertThat(withGaps.exitCode()).isZero();
        assertThat(withGaps.errors()).contains("could not be read in 1 places");
        assertThat(sha256(damaged)).isEqualTo(GoldenCopy.VDB_SHA256);
    }

    @Test
    void aRestoreThatMeetsDamageLeavesNothing() throws IOException {
        rot(plain.largestPack());

        int failed = 0;
        for (Path record : plain.files("points")) {
            String point = record.getFileName().toString();
            Path file = directory.resolve(point + ".raw");
            Outcome outcome = Terminal.run("repository", "restore", plain.location(), point, file.toString());
            if (outcome.exitCode() == 0) {
                assertThat(sha256(file)).isIn(GoldenCopy.ALL_SHA256);
                Files.delete(file);
            } else {
                failed++;
                assertThat(outcome.errors()).contains("DATA_DAMAGED");
            }
        }
        assertThat(failed).isPositive();
        try (Stream<Path> left = Files.list(directory.path())) {
            assertThat(left).containsExactly(plain.directory());
        }
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "mine");

        Outcome outcome = Terminal.run("repository", "restore", plain.location(), GoldenCopy.VDA, file.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("FILE_ERROR").contains("exists already");
        assertThat(file).hasContent("mine");
    }

    @Test
    void anEncryptedRepositoryIsCheckedWithPassphraseRecoveryKeyOrWithoutAny() throws IOException {
        String encrypted = GoldenCopy.encrypted(directory).location();
        String passphrase = passphraseFile(GoldenCopy.PASSPHRASE).toString();

        JsonNode byPassphrase =
                json(Terminal.succeed("repository", "check", "--json", "--passphrase-file", passphrase, encrypted));
        JsonNode byRecovery = json(Terminal.succeed(
                "repository",
                "check",
                "--json",
                "--recovery-key-file",
                GoldenCopy.recoveryKey().toString(),
                encrypted));
        JsonNode without = json(Terminal.succeed("repository", "check", "--json", "--without-key", encrypted));

        assertThat(List.of(byPassphrase, byRecovery)).allSatisfy(report -> {
            assertThat(report.get("points").asInt()).isEqualTo(GoldenCopy.POINTS);
            assertThat(report.get("notChecked")).isEmpty();
        });
        assertThat(without.get("notChecked")).isNotEmpty();
    }

    @Test
    void aKeyThatIsMissingOrWrongIsNoDamage() throws IOException {
        String encrypted = GoldenCopy.encrypted(directory).location();
        String wrong = passphraseFile("something else").toString();

        Outcome locked = Terminal.run("repository", "check", encrypted);
        Outcome refused = Terminal.run("repository", "check", "--passphrase-file", wrong, encrypted);

        assertThat(locked.exitCode()).isEqualTo(3);
        assertThat(locked.errors()).startsWith("REPOSITORY_LOCKED: ");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.errors()).startsWith("PASSPHRASE_WRONG: ");
    }

    @Test
    void whatIsNoRepositoryIsSaid() {
        Outcome nowhere = Terminal.run(
                "repository", "inspect", directory.resolve("nowhere").toString());
        Outcome empty = Terminal.run(
                "repository", "inspect", directory.directory("empty").toString());
        Outcome noPoint =
                Terminal.run("repository", "inspect", plain.location(), "00000000-0000-0000-0000-000000000000");

        assertThat(nowhere.errors()).startsWith("REPOSITORY_NOT_FOUND: ");
        assertThat(empty.errors()).startsWith("REPOSITORY_NOT_FOUND: ");
        assertThat(noPoint.errors()).startsWith("POINT_NOT_FOUND: ");
        assertThat(directory.resolve("nowhere")).doesNotExist();
        assertThat(directory.resolve("empty")).isEmptyDirectory();
    }
}
