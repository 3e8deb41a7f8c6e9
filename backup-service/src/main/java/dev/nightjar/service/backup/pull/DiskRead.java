package dev.nightjar.service.backup.pull;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.service.backup.plan.PlanStep;
import dev.nightjar.service.source.UnreadableData;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.DiskIngest;
import java.nio.ByteBuffer;

/** Carries out a disk's plan: reads what is to be read and feeds the ingest from front to back. Confined to one thread. */
public final class DiskRead {

    /** Is told of every step, and may end the reading by throwing. */
    @FunctionalInterface
    public interface Watch {
        /** So many bytes more were read; 0 for a range that needed no reading. */
        void read(long bytes);
    }

    private final NbdClient client;
    private final ChunkSize chunkSize;
    private final UnreadableData onUnreadable;
    private final DiskIngest ingest;
    private final Watch watch;

    /** The reading of one disk. */
    public DiskRead(
            NbdClient client, ChunkSize chunkSize, UnreadableData onUnreadable, DiskIngest ingest, Watch watch) {
        this.client = client;
        this.chunkSize = chunkSize;
        this.onUnreadable = onUnreadable;
        this.ingest = ingest;
        this.watch = watch;
    }

    /** Walks the status once more and reads; blocks. */
    public void read(DiskStatus status) {
        try (RegionReads reads = new RegionReads(client, chunkSize, onUnreadable, sink())) {
            status.walk(step -> take(reads, step));
            reads.finish();
        }
    }

    private static void take(RegionReads reads, PlanStep step) {
        switch (step.action()) {
            case READ -> reads.read(step.offset(), step.length());
            case ZERO -> reads.zero(step.offset(), step.length());
            case KEEP -> {
                // The ingest keeps what is not mentioned.
            }
        }
    }

    private RegionReads.Sink sink() {
        return new RegionReads.Sink() {
            @Override
            public void data(long offset, ByteBuffer bytes, Runnable giveBack) {
                int length = bytes.remaining();
                ingest.data(offset, bytes, giveBack);
                watch.read(length);
            }

            @Override
            public void damaged(long offset, long length) {
                ingest.damaged(offset, length);
            }

            @Override
            public void zero(long offset, long length) {
                ingest.zero(offset, length);
                watch.read(0);
            }
        };
    }
}
