package dev.nightjar.cli.repository;

import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of a golden repository, to be looked at and damaged. What its points hold was computed from their formula, by another program than ours. */
record GoldenCopy(Path directory) {

    static final String PASSPHRASE = "golden, and kept for ever";
    static final int POINTS = 6;

    /** A point of the plain repository: vda on the second day. */
    static final String VDA = "173ff8bc-fc58-4179-a442-3b95c6340b7e";

    static final String VDA_SHA256 = "efb39dd3bcc0c84935b9c9376b0b51d640c8d4e392e52212203185a7d9cecffc";

    /** vdb on the second day, with two chunks that could not be read. */
    static final String VDB = "11629e9c-27f3-4390-8760-8c36df4c9746";

    static final String VDB_SHA256 = "47895f72da8e1c7c6cc1caadbd76bbb7a7bcf967954909a16f083ceb3000dade";

    private static final Path GOLDEN =
            Path.of("..", "storage", "src", "test", "resources", "golden", "v1").toAbsolutePath();

    /** What all disks of the golden repositories have as SHA-256, vda and vdb on three days. */
    static final List<String> ALL_SHA256 = List.of(
            "1e0f293ccf06ebc71a9af23db04189d677837109d0f7663c218ab304a604d019",
            VDA_SHA256,
            "f62bf9147d83f3f7cae838eca77b220adea65e3e1a67861fea645c3507b9bc7b",
            "6455eea03d4ca4ebb2412ac5336aa73f9d1d384c0f8f4efec7b4007d5727939d",
            VDB_SHA256,
            "b741f929bc622e12559ee3a5b756b4dfc5a9925749562899d51df77ee7c6a7c2");

    static GoldenCopy plain(TempDirectory directory) {
        return copy("plain", directory);
    }

    static GoldenCopy encrypted(TempDirectory directory) {
        return copy("encrypted", directory);
    }

    static Path recoveryKey() {
        return GOLDEN.resolve("recovery-key.txt");
    }

    String location() {
        return directory.toString();
    }

    /** All files, in the order of their names. */
    List<Path> files(String below) {
        try (Stream<Path> files = Files.walk(directory.resolve(below))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pack of data that the point needs most of. */
    Path largestPack() {
        return files("packs").stream()
                .max((one, other) ->
                        Long.compare(one.toFile().length(), other.toFile().length()))
                .orElseThrow();
    }

    private static GoldenCopy copy(String name, TempDirectory directory) {
        Path from = GOLDEN.resolve(name);
        Path to = directory.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GoldenCopy(to);
    }
}
