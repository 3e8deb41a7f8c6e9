package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * Files past the page cache: what is written goes from the caller's memory to the disk. For large files that nobody reads soon this costs a fraction of the processor's time, and
 * leaves the page cache to those who need it. Memory, offsets and lengths have to be aligned.
 */
public final class DirectIo {

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

    /** A buffer off the heap that begins where {@code alignment}, a power of two, wants it. */
    public static ByteBuffer allocate(int bytes, int alignment) {
        // An aligned slice ends at a multiple too.
        int whole = Math.ceilDiv(bytes, alignment) * alignment;
        return ByteBuffer.allocateDirect(whole + alignment)
                .alignedSlice(alignment)
                .slice(0, bytes);
    }

    /** What memory, offsets and lengths have to be multiples of in the file system of a file or directory. */
    public static int alignment(Path path) throws IOException {
        return Math.toIntExact(Files.getFileStore(path).getBlockSize());
    }
}
