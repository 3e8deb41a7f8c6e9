package dev.nightjar.cli.copy;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.nbd.client.ExportInfo;
import dev.nightjar.nbd.client.NbdClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A writable export. After a failure it holds a part of the disk. */
final class NbdTarget implements CopyTarget {

    private static final int ZEROS = 1 << 20;

    private final NbdClient client;
    private final ExportInfo export;
    private final ByteBuf zeros = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(ZEROS, ZEROS).writeZero(ZEROS).asReadOnly());

    NbdTarget(NbdClient client) {
        this.client = client;
        this.export = client.export();
    }

    @Override
    public int writers(int requests) {
        return requests;
    }

    @Override
    public boolean prefersZeros() {
        return export.canWriteZeroes();
    }

    @Override
    public long minimumBlock() {
        return export.blockSizes().minimum();
    }

    @Override
    public void begin(long size) {
        if (export.size() < size) {
            throw new CommandFailure(
                    CommandErrorCode.TARGET_TOO_SMALL,
                    "the export %s has %d bytes, and %d are to be copied".formatted(export.name(), export.size(), size),
                    "Copy to a larger export.");
        }
        if (size % minimumBlock() != 0 && export.size() != size) {
            throw new CommandFailure(
                    CommandErrorCode.TARGET_TOO_SMALL,
                    "%d bytes end within a block of %d bytes of the export %s"
                            .formatted(size, minimumBlock(), export.name()),
                    "Copy to an export of the same size, or one with smaller blocks.");
        }
    }

    @Override
    public void write(long offset, ByteBuf data) {
        int most = client.maxRequestBytes();
        for (int done = 0; done < data.readableBytes(); done += most) {
            int length = Math.min(most, data.readableBytes() - done);
            await(client.write(offset + done, data.retainedSlice(data.readerIndex() + done, length)));
        }
    }

    @Override
    public void zero(long offset, long length) {
        if (export.canWriteZeroes()) {
            await(client.writeZeroes(offset, length, true));
            return;
        }
        int most = Math.min(ZEROS, client.maxRequestBytes());
        for (long done = 0; done < length; done += most) {
            await(client.write(offset + done, zeros.slice(0, (int) Math.min(most, length - done))));
        }
    }

    @Override
    public void flush() {
        await(client.flush());
    }

    @Override
    public void close() {
        client.close();
    }

    private static void await(CompletableFuture<@Nullable Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
