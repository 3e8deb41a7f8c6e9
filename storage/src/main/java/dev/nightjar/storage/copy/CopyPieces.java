package dev.nightjar.storage.copy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.point.DamagedRanges.Range;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.recover.RegionSink;
import dev.nightjar.storage.scrub.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ways of reading from a copy what damage reaches of its original. */
sealed interface CopyPieces {

    Logger LOG = LoggerFactory.getLogger(CopyPieces.class);

    /**
     * Feeds what damage reaches of a point.
     *
     * @param step told between pieces
     * @return whether the ingest has all that the copy can give
     * @throws StorageException what keeps the copy's repository from being used
     */
    boolean feed(Reach reach, DiskIngest ingest, Runnable step);

    private static List<Range> ranges(Reach reach, long size) {
        return reach.map() ? List.of(new Range(0, size)) : reach.covering().ranges();
    }

    /** Whether it is only the copy that cannot be read, rather than its repository. */
    private static boolean isDamage(StorageException e) {
        return e.code().isOfOneBlob() || e.code() == StorageErrorCode.CHUNK_NOT_FOUND;
    }

    /**
     * From front to back, loading ahead, as a restore does; of a copy that is damaged itself nothing.
     *
     * @param config the damaged repository's
     */
    record InOneGo(RecoveryPointReader copy, RepositoryConfig config) implements CopyPieces {

        @Override
        public boolean feed(Reach reach, DiskIngest ingest, Runnable step) {
            WholeChunks chunks = new WholeChunks(ingest, config.chunkSize().bytes(), copy.size());
            Stepping sink = new Stepping(chunks, step);
            try {
                for (Range range : ranges(reach, copy.size())) {
                    copy.regions(range.offset(), range.length(), sink);
                }
                return true;
            } catch (StorageException e) {
                if (!isDamage(e)) {
                    throw e;
                }
                LOG.warn("the copy of point {} is damaged itself", copy.point().id(), e);
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Chunk by chunk, passing over those that cannot be read. What is passed over of a map that has to be made anew counts as zero, so that some of its nodes come out as others and heal nothing.
     *
     * @param config the damaged repository's
     */
    record OneByOne(RecoveryPointReader copy, RepositoryConfig config) implements CopyPieces {

        @Override
        public boolean feed(Reach reach, DiskIngest ingest, Runnable step) {
            ChunkSize chunkSize = config.chunkSize();
            for (Range range : ranges(reach, copy.size())) {
                for (long at = range.offset(); at < range.end(); at += chunkSize.bytes()) {
                    step.run();
                    feed(at, chunkSize.length(chunkSize.number(at), copy.size()), ingest);
                }
            }
            return true;
        }

        private void feed(long offset, int length, DiskIngest ingest) {
            ByteBuffer content = ByteBuffer.allocate(length);
            try {
                copy.read(offset, content);
            } catch (StorageException e) {
                if (!isDamage(e)) {
                    throw e;
                }
                LOG.debug(
                        "{} bytes at {} of point {} are damaged in both",
                        length,
                        offset,
                        copy.point().id(),
                        e);
                return;
            }
            ingest.data(offset, content.flip());
        }
    }

    /** Tells somebody between pieces. */
    record Stepping(RegionSink sink, Runnable step) implements RegionSink {

        @Override
        public void data(long offset, ByteBuffer bytes) throws IOException {
            step.run();
            sink.data(offset, bytes);
        }

        @Override
        public void zero(long offset, long length) throws IOException {
            step.run();
            sink.zero(offset, length);
        }
    }
}
