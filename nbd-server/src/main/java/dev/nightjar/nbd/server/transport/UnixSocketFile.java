package dev.nightjar.nbd.server.transport;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file of a unix socket. Only its owner may connect: it is bound in a directory that nobody else can enter, gets its permissions
 * there and is moved to its place, so there is no moment at which others could. A file that a killed server left is replaced, one that
 * somebody listens on is not.
 */
final class UnixSocketFile {

    private final Path place;
    private final Path directory;
    private final Path socket;
    private @Nullable Object identity;

    private UnixSocketFile(Path place, Path directory) {
        this.place = place;
        this.directory = directory;
        this.socket = directory.resolve("s");
    }

    /** Makes sure that the place is free, and a directory to bind in. */
    static UnixSocketFile prepare(Path place) throws IOException {
        Path absolute = place.toAbsolutePath();
        requireFree(absolute);
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException(absolute + " cannot be a socket");
        }
        return new UnixSocketFile(
                absolute,
                Files.createTempDirectory(
                        parent,
                        ".n",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    private static void requireFree(Path place) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException(place + " is there already, and not a socket");
        }
        try (SocketChannel live = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
            throw new IOException(place + " is in use: a server listens there (" + live.isConnected() + ")");
        } catch (SocketException refused) {
            // Nobody listens: a server that was killed left it.
            Files.delete(place);
        }
    }

    /** Where to bind. */
    Path bindAt() {
        return socket;
    }

    /** It is bound: moves it to its place. */
    void publish() throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        identity = identityOf(socket);
        Files.move(socket, place, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(directory);
    }

    /**
     * Removes it, unless another one has taken its place. Also what is left of a publication that failed. What cannot be removed
     * stays: nobody can connect to it any more, and the next server on this path replaces it.
     */
    @SuppressWarnings("EmptyCatch")
    void remove() {
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
            if (identity != null && identity.equals(identityOf(place))) {
                Files.delete(place);
            }
        } catch (IOException e) {
            // As said above.
        }
    }

    private static @Nullable Object identityOf(Path file) throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey()
                : null;
    }
}
