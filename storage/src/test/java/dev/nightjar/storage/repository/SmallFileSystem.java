package dev.nightjar.storage.repository;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A real file system of 64 MiB that can be filled to its last byte. Mounting it needs root. */
final class SmallFileSystem implements AutoCloseable {

    private static final int BYTES = 64 << 20;

    private final Path mount;
    private final Path filler;

    private SmallFileSystem(Path mount) {
        this.mount = mount;
        this.filler = mount.resolve("somebody-elses");
    }

    /**
     * Mounts one below a directory.
     *
     * @param type tmpfs or ext4
     */
    static SmallFileSystem mount(Path directory, String type) throws IOException {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        boolean mounted;
        if (type.equals("tmpfs")) {
            mounted = run("mount", "-t", "tmpfs", "-o", "size=" + BYTES, "nightjar-test", mount.toString());
        } else {
            Path image = directory.resolve("image");
            try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate(1), BYTES - 1);
            }
            mounted = run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())
                    && run("mount", "-o", "loop", image.toString(), mount.toString());
        }
        Assumptions.assumeTrue(mounted, "needs to mount");
        return new SmallFileSystem(mount);
    }

    Path directory() {
        return mount.resolve("repository");
    }

    DirectoryBlobStore create() {
        return DirectoryBlobStore.create(directory(), 1 << 20);
    }

    boolean hasReserve() {
        return Files.exists(directory().resolve("RESERVE"));
    }

    /** What tells the reserve from one that was made later. */
    Object reserveIdentity() throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(directory().resolve("RESERVE"), BasicFileAttributes.class);
        return List.of(attributes.fileKey(), attributes.lastModifiedTime());
    }

    long usableBytes() throws IOException {
        return Files.getFileStore(mount).getUsableSpace();
    }

    /** Somebody else takes every byte that is left. */
    void fill() throws IOException {
        int piece = 1 << 20;
        try (FileChannel file = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (piece > 0) {
                piece = write(file, piece) ? piece : piece / 2;
            }
        }
    }

    private static boolean write(FileChannel file, int bytes) {
        try {
            ByteBuffer piece = ByteBuffer.allocate(bytes);
            while (piece.hasRemaining()) {
                file.write(piece);
            }
            file.force(true);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        run("umount", mount.toString());
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
