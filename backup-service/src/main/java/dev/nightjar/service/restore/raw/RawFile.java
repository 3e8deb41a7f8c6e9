package dev.nightjar.service.restore.raw;

import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;

/** Writes the disk of a recovery point to a new raw file, with holes where it is zero. */
public final class RawFile {

    private RawFile() {}

    /**
     * Writes; blocks. When this returns, the file is whole and durable, its name is not; when it throws, a part of it may be there.
     *
     * @param file must not be there yet
     * @param watched puts somebody between the point and the file who wants to see what is written, or to end it by throwing
     * @throws dev.nightjar.storage.StorageException if the point cannot be read
     */
    public static void write(RecoveryPointReader reader, Path file, UnaryOperator<RegionSink> watched)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            reader.regions(0, reader.size(), watched.apply(new SparseFile(channel)));
            // A disk that ends in zeros ends in a hole: its last byte is written if nothing reached that far.
            if (channel.size() < reader.size()) {
                channel.write(ByteBuffer.allocate(1), reader.size() - 1);
            }
            channel.force(true);
        }
    }
}
