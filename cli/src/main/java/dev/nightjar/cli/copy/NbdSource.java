package dev.nightjar.cli.copy;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.extent.Extent;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/** An export. */
final class NbdSource implements CopySource {

    /** Of base:allocation: the range reads as zeros. A hole alone may hold anything. */
    private static final long ZERO = 2;

    private final NbdClient client;

    NbdSource(NbdClient client) {
        this.client = client;
    }

    @Override
    public long size() {
        return client.export().size();
    }

    @Override
    public long minimumBlock() {
        return client.export().blockSizes().minimum();
    }

    @Override
    public int maximumRead() {
        return client.maxRequestBytes();
    }

    @Override
    public void walk(Pieces sink) {
        if (size() > 0) {
            client.walk(0, size(), extent -> sink.piece(extent.offset(), extent.length(), zero(extent)));
        }
    }

    private static boolean zero(Extent extent) {
        Long allocation = extent.status().get(NbdOptions.BASE_ALLOCATION);
        return allocation != null && (allocation & ZERO) != 0;
    }

    @Override
    public CompletableFuture<ByteBuf> read(long offset, int length) {
        return client.read(offset, length);
    }

    @Override
    public void close() {
        client.close();
    }
}
