package dev.nightjar.storage.copy;

import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Tells how far a point has come. */
record MeteredSink(RegionSink sink, DiskIngest ingest, CopyMeter meter) implements RegionSink {

    @Override
    public void data(long offset, ByteBuffer bytes) throws IOException {
        long end = offset + bytes.remaining();
        sink.data(offset, bytes);
        meter.reached(end, ingest.progress());
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        sink.zero(offset, length);
        meter.reached(offset + length, ingest.progress());
    }
}
