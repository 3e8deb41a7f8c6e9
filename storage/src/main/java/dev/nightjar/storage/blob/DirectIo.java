package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Files past the page cache: what is written goes from the caller's memory to the disk. For large files that nobody reads soon this costs a fraction of the processor's time, and
 * leaves the page cache to those who need it.
 */
public final class DirectIo {

    /** What memory, offsets and lengths are multiples of: the block size of nearly every file system, or a multiple of it. */
    public static final int ALIGNMENT = 4096;

    /** The option of {@link FileChannel#open}; a file system that has no such thing refuses it, or the first access. */
    public static final OpenOption OPTION = option();

    private DirectIo() {}

    // By its name: javac warns of every class of jdk.unsupported, in a way that cannot be allowed.
    private static OpenOption option() {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) options.getField("DIRECT").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java platform lacks the module jdk.unsupported", e);
        }
    }

    /** A buffer off the heap that begins at a multiple of {@link #ALIGNMENT}. */
    public static ByteBuffer allocate(int bytes) {
        // An aligned slice ends at a multiple too.
        int whole = Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
        return ByteBuffer.allocateDirect(whole + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, bytes);
    }

    /**
     * Opens a file that is there, to write to it past the page cache.
     *
     * @throws IOException if that cannot be done, among other reasons because the file system wants larger multiples
     * @throws UnsupportedOperationException if the file system knows no such thing
     */
    static FileChannel open(Path path) throws IOException {
        long wanted = Files.getFileStore(path).getBlockSize();
        if (ALIGNMENT % wanted != 0) {
            throw new IOException("blocks of " + wanted + " bytes");
        }
        return FileChannel.open(path, StandardOpenOption.WRITE, OPTION);
    }
}
