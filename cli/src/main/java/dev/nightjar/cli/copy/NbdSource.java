package dev.nightjar.cli.copy;

import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.extent.Extent;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/** An export. */
final class NbdSource implements CopySource {

    /** Of base:allocation: the range reads as zeros. A hole alone may hold anything. */
    private static final long ZERO = 2;

    private final NbdConnection connection;

    NbdSource(NbdConnection connection) {
        this.connection = connection;
    }

    @Override
    public long size() {
        return connection.export().size();
    }

    @Override
    public long minimumBlock() {
        return connection.export().blockSizes().minimum();
    }

    @Override
    public int maximumRead() {
        return connection.maxRequestBytes();
    }

    @Override
    public void walk(Pieces sink) {
        if (size() > 0) {
            connection.walk(0, size(), extent -> sink.piece(extent.offset(), extent.length(), zero(extent)));
        }
    }

    private static boolean zero(Extent extent) {
        Long allocation = extent.status().get(NbdOptions.BASE_ALLOCATION);
        return allocation != null && (allocation & ZERO) != 0;
    }

    @Override
    public CompletableFuture<ByteBuf> read(long offset, int length) {
        return connection.read(offset, length);
    }

    @Override
    public void close() {
        connection.close();
    }
}
