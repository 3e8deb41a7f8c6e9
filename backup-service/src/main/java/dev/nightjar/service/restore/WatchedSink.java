package dev.nightjar.service.restore;

import dev.nightjar.service.run.RunContext;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Tells a run how far the sink behind it has come, and lets the run be cancelled. */
final class WatchedSink implements RegionSink {

    private final RunContext run;
    private final RegionSink sink;

    WatchedSink(RunContext run, RegionSink sink) {
        this.run = run;
        this.sink = sink;
    }

    @Override
    public void data(long offset, ByteBuffer bytes) throws IOException {
        run.checkCancelled();
        long length = bytes.remaining();
        sink.data(offset, bytes);
        run.advance(length);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        run.checkCancelled();
        sink.zero(offset, length);
        run.advance(length);
    }
}
