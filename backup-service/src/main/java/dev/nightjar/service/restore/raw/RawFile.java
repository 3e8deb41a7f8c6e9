package dev.nightjar.service.restore.raw;

import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.file.Path;
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
        try (SparseFile sparse = new SparseFile(file)) {
            reader.regions(0, reader.size(), watched.apply(sparse));
            sparse.finish(reader.size());
        }
    }
}
